package import Documents

/// The one error that the library throws: what happened, where, and what to do next.
///
/// ```swift
/// do {
///   try await store.transaction { try $0.put("profiles/llm/gpt-4o", profile, if: .revision(seen)) }
/// } catch let error as StoreError where error.code == .conflict {
///   print(error.message, error.hint ?? "")
/// }
/// ```
public struct StoreError: Error, Sendable {
  /// What kind of failure it is. The spelling is stable: the same in the command's JSON, in HTTP answers and in logs.
  public struct Code: Hashable, Sendable, CustomStringConvertible {
    public let description: String

    /// No document, collection, revision or store of that name.
    public static let notFound = Code(description: "not-found")
    /// A precondition does not hold: somebody else wrote first, or edited the file by hand.
    public static let conflict = Code(description: "conflict")
    /// A document that is no JSON, or breaks its kind's schema.
    public static let invalid = Code(description: "invalid")
    /// Not allowed here: a bad id, a write to a store that cannot be written.
    public static let refused = Code(description: "refused")
    /// The call itself makes no sense, such as a query with an unknown member.
    public static let usage = Code(description: "usage")
    /// Another process owns the store.
    public static let busy = Code(description: "busy")
    /// What is on disk contradicts itself. Nothing was changed.
    public static let damaged = Code(description: "damaged")
    /// The disk or the system failed. The store takes no writes until it is opened again.
    public static let unavailable = Code(description: "unavailable")
    /// Larger than a named limit of the store.
    public static let limit = Code(description: "limit")
    /// The store was made by a newer version of Daybook.
    public static let newerFormat = Code(description: "newer-format")
    /// The key that opens or seals a secret is not on this machine.
    public static let keyMissing = Code(description: "key-missing")

    /// A remote cannot be reached, or does not do what is asked of it. Nothing was changed here, unless the message says so.
    public static let remote = Code(description: "remote")

    /// Nobody knows who asks: no credentials, wrong ones, or ones that are over.
    public static let unauthenticated = Code(description: "unauthenticated")
    /// Too many attempts: the same may be tried again a while later.
    public static let throttled = Code(description: "throttled")
    /// What somebody has been granted is used up.
    public static let exhausted = Code(description: "exhausted")

    package static let all: [Code] = [
      notFound, conflict, invalid, refused, usage, busy, damaged, unavailable, limit, newerFormat, keyMissing,
      remote, unauthenticated, throttled, exhausted,
    ]
  }

  public var code: Code
  /// What went wrong, one sentence.
  public var message: String
  /// What to do next.
  public var hint: String?
  /// The document or file that it is about.
  public var document: String?
  /// The rules of its kind that the document breaks, as far as they are listed; the message has them in words.
  public var violations: [Violation] = []
  /// After how many seconds the same may be tried again; nil where nobody can tell.
  public var retrySeconds: Int64?
  /// The error below this one: to be shown, never parsed.
  public var cause: (any Error)?

  /// One rule that a value breaks.
  public struct Violation: Sendable, Equatable {
    /// The value, as a JSON Pointer; empty for the whole document.
    public let pointer: String
    /// The keyword of the schema, such as `maximum`.
    public let rule: String
    /// A sentence without a full stop.
    public let message: String
  }

  public init(
    _ code: Code, _ message: String, hint: String? = nil, document: String? = nil, cause: (any Error)? = nil
  ) {
    self.code = code
    self.message = message
    self.hint = hint
    self.document = document
    self.cause = cause
  }
}

extension StoreError {
  /// What came out of a call whose errors are not typed.
  static func unexpected(_ error: any Error) -> StoreError {
    error as? StoreError ?? StoreError(.unavailable, "Something went wrong that should not.", cause: error)
  }
}

extension StoreError {
  init(_ violations: [SchemaViolation], in document: String) {
    let lines = violations.map { violation in
      let place = violation.pointer.tokens.isEmpty ? "" : "\(violation.pointer) "
      let position = violation.position
      return "  line \(position.line), column \(position.column): \(place)\(violation.message) (\(violation.rule))"
    }
    self.init(
      .invalid, "'\(document)' breaks the rules of its kind:\n" + lines.joined(separator: "\n"), document: document)
    self.violations = violations.map { Violation($0) }
  }
}

extension StoreError.Violation {
  package init(_ violation: SchemaViolation) {
    pointer = "\(violation.pointer)"
    rule = violation.rule
    message = violation.message
  }
}

extension StoreError: CustomStringConvertible {
  public var description: String {
    [message, cause.map { "(\($0))" }, hint].compactMap { $0 }.joined(separator: " ")
  }
}
