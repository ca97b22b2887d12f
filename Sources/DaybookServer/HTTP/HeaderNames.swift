import HTTPTypes

extension HTTPField.Name {
  /// A name that is known to be well formed.
  private static func known(_ name: String) -> HTTPField.Name {
    guard let name = HTTPField.Name(name) else { preconditionFailure("'\(name)' is no name of a header.") }
    return name
  }

  /// The sequence of the commit that an answer shows or made.
  static let sequence = known("Daybook-Sequence")
  /// The commit that a write made.
  static let commit = known("Daybook-Commit")
  /// Who makes the change, as `Name <mail>`.
  static let author = known("Daybook-Author")
  static let requestID = known("X-Request-Id")
  static let idempotencyKey = known("Idempotency-Key")
  static let lastEventID = known("Last-Event-ID")
  static let retryAfter = known("Retry-After")
  static let prefer = known("Prefer")
  static let secFetchSite = known("Sec-Fetch-Site")
  /// Whom a proxy was asked by, behind whom those before it were.
  static let forwardedFor = known("X-Forwarded-For")
  /// How a proxy was asked: `http` or `https`.
  static let forwardedProto = known("X-Forwarded-Proto")
  static let contentTypeOptions = known("X-Content-Type-Options")
  static let contentSecurityPolicy = known("Content-Security-Policy")
  static let referrerPolicy = known("Referrer-Policy")
}
