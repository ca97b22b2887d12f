public import Documents

/// How long the documents of a kind live, from when on, and which of them.
///
/// ```json
/// "ttl": { "days": 30, "from": "/updated_at", "when": { "/status": ["completed", "failed"] } }
/// ```
///
/// The time begins at the moment that the member `from` holds; without one, at the last change of the document or of one of
/// its series. Only documents in which each member of `when` holds one of its values expire.
///
/// A document that was deleted and came back counts from its return at the earliest: what was swept and is taken back lives
/// its whole time once more, although its members say what they said.
public struct TimeToLive: Sendable, Equatable {
  public let milliseconds: Int64
  /// The member that says when the time begins; nil: the document's last change.
  public let from: JSONPointer?
  /// What must hold for a document to expire.
  public let conditions: [Condition]

  public struct Condition: Sendable, Equatable {
    public let member: JSONPointer
    public let values: [JSONValue]
  }

  // MARK: What a document says

  /// Stands for "at its last change": before all other times.
  static let atLastChange = Int64.min

  /// When the time of a document begins, in milliseconds since 1970; nil when it does not expire as it is: its members hold
  /// something else, or no time.
  func begin(of document: JSONNode) -> Int64? {
    let isSubject = conditions.allSatisfy { condition in
      document[condition.member].map { condition.values.contains($0.value) } ?? false
    }
    guard isSubject else { return nil }
    guard let from else { return Self.atLastChange }
    return document[from]?.string.flatMap { Timestamp(parsing: $0) }?.milliseconds
  }

  /// What `begin` depends on: the index is wrong for another one.
  var indexed: String {
    let conditions = conditions.map { "\($0.member) \($0.values.map(\.compactText))" }
    return "ttl \(from.map { "\($0)" } ?? "") \(conditions)"
  }

  // MARK: Whether it is over

  /// What is known of a document besides.
  struct Life {
    /// What `begin` says.
    var begin: Int64
    /// The sequence of the last change of the document or one of its series.
    var lastChange: UInt64
    /// That of the change by which it came back, if it was deleted once.
    var comeback: UInt64?
  }

  /// The moment at which lives begin that are just over now: as a time, and as the newest sequence by then.
  struct Cutoff {
    var milliseconds: Int64
    var sequence: UInt64
  }

  /// Whether a document is expired.
  func isOver(_ life: Life, at cutoff: Cutoff) -> Bool {
    if let comeback = life.comeback, comeback > cutoff.sequence { return false }
    return from == nil ? life.lastChange <= cutoff.sequence : life.begin <= cutoff.milliseconds
  }
}
