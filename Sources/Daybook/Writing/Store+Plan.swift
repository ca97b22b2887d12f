import Git

/// What a transaction would do to one document or file.
public struct PlannedChange: Sendable {
  /// The document's address, or the path of a file that is none.
  public let name: String
  /// What would change, such as `temperature 0.2 → 0.7`.
  public let words: String
  /// The revision it would have; nil when it would be deleted.
  public let revision: Revision?

  init(_ change: FileChange) {
    name = change.summary.name
    words = change.summary.words
    revision = change.content.map { Revision($0.id) }
  }
}

extension Store {
  /// Checks a transaction as `transaction` does, and says what it would change, without writing anything.
  ///
  /// - Throws: `StoreError`, or whatever the closure throws.
  public func plan(_ body: (inout Transaction) throws -> Void) throws -> [PlannedChange] {
    try parts.writes.prepare(try collect(body).operations).changes.map(PlannedChange.init)
  }
}
