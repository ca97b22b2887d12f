import Documents

/// What a migration did, or would do.
public struct MigrationReport: Sendable {
  /// The names of its files, such as `0001-rating`; none when there is nothing to do.
  public let migrations: [String]
  /// How many documents their kinds have.
  public let documents: Int
  /// How many of them come out otherwise.
  public var changed = 0
  /// The first few changes, in words.
  public var changes: [PlannedChange] = []
  /// What cannot be taken back, and for how many documents.
  public var loss: [(what: String, documents: Int)] = []
  /// The ref that keeps the state from before, and the tag of the commit. Nil for a plan.
  public var backup: String?
  public var tag: String?
  public var sequence: UInt64?
  public var commit: CommitID?
}

extension Store {
  /// Brings all documents to the newest version of their kinds, by the files in `migrations/`, as one commit.
  ///
  /// - Parameters:
  ///   - isDryRun: Works everything out, and writes nothing.
  ///   - allowsLoss: Does also what cannot be taken back.
  /// - Throws: `.invalid` for a broken file, and for a document that breaks its schema afterwards; `.refused` when data
  ///   would be lost; `.keyMissing` when a secret moves that cannot be opened here. Nothing is changed then.
  @discardableResult
  public func migrate(isDryRun: Bool = false, allowsLoss: Bool = false) async throws -> MigrationReport {
    try await Blocking.run { try MigrationRun(store: self, allowsLoss: allowsLoss).up(isDryRun: isDryRun) }
  }

  /// Takes the last migration back. Documents that nobody changed since come out to the byte as they were.
  ///
  /// The schema is not touched: put the old one back first.
  @discardableResult
  public func migrateDown(isDryRun: Bool = false, allowsLoss: Bool = false) async throws -> MigrationReport {
    try await Blocking.run { try MigrationRun(store: self, allowsLoss: allowsLoss).down(isDryRun: isDryRun) }
  }
}
