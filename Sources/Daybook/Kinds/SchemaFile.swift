/// A schema file as a commit leaves it.
struct SchemaFile {
  let kind: String
  /// Nil when the file is gone.
  let bytes: [UInt8]?

  init?(path: String, bytes: [UInt8]?) {
    guard let kind = StoreLayout.kind(ofSchema: path) else { return nil }
    self.kind = kind
    self.bytes = bytes
  }
}

extension Kinds {
  /// The kinds after schema files changed.
  ///
  /// - Throws: `.invalid` for a broken file, and for two kinds that claim one collection.
  func changing(_ files: [SchemaFile]) throws(StoreError) -> Kinds {
    let changed = Set(files.map(\.kind))
    var kinds = all.filter { !changed.contains($0.name) }
    for file in files {
      if let bytes = file.bytes {
        kinds.append(try KindCache.kind(parsing: bytes, fileName: file.kind + StoreLayout.schemaSuffix))
      }
    }
    return try Kinds(kinds)
  }

  /// The same, with the last good kind where a file is broken: what counts when a commit was made without us.
  func changingWhereGood(_ files: [SchemaFile]) -> Kinds {
    if let together = try? changing(files) { return together }
    return files.reduce(self) { kinds, file in (try? kinds.changing([file])) ?? kinds }
  }
}
