// Documents are what the library's calls take and give, so whoever imports Daybook has them too.
@_exported public import Documents
