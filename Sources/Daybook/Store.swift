import Dispatch
import Documents
import Git
import Logging
import Storage
import Synchronization

/// A store: documents in a Git repository, with an index in memory and every write a commit.
///
/// ```swift
/// let store = try await Store.open(at: "my-store")
/// let profile = try store.snapshot().document("profiles/llm/gpt-4o")
/// try await store.transaction(message: "cooler") { transaction in
///   try transaction.patch("profiles/llm/gpt-4o", merging: ["temperature": 0.2], if: .revision(profile!.revision))
/// }
/// try await store.close()
/// ```
///
/// One process owns a store at a time. All methods may be called from any task or thread. Call `close` in the end: it
/// puts everything into the archive; a store that is not closed loses nothing, but takes longer to open.
public final class Store: Sendable {
  /// The store's folder.
  public let path: String

  let parts: StoreParts
  private let isClosed = Mutex(false)

  init(_ parts: StoreParts) {
    path = parts.root
    self.parts = parts
  }

  // MARK: Reading

  /// The kinds as they are now. A schema that somebody changes counts from the commit on that takes it in.
  public var kinds: Kinds { parts.published.current.index.kinds }

  /// Schema files that are broken, or were deleted by hand; the store works with their last good state.
  public var schemaProblems: [StoreError] { parts.handEdits.schemaProblems.map(\.error) }

  /// The whole store as it is now. What it shows never changes, however long it is kept.
  public func snapshot() -> Snapshot {
    Snapshot(parts.published.current, objects: parts.objects, sealer: parts.sealer)
  }

  // MARK: Writing

  /// Writes what the closure collects, as one commit or not at all.
  ///
  /// The closure only collects, and runs once. The transaction is checked against the store outside of the one writer; if
  /// somebody changes one of its documents meanwhile, it is checked again on the newer state, preconditions included.
  ///
  /// - Parameters:
  ///   - author: The author of the commit; by default the one the store was opened with.
  ///   - message: The subject of the commit; by default what changed, in words.
  ///   - durability: What must have happened before this returns.
  ///   - request: A name for what is asked, one line of ASCII. The commit keeps it, so that whoever does not know whether
  ///     it was carried out finds that in the history: `CommitSummary.request`.
  /// - Returns: The new revisions and the commit. A transaction that changes nothing makes no commit.
  /// - Throws: `StoreError`, or whatever the closure throws. After `.unavailable` the store takes no more writes.
  @discardableResult
  public func transaction(
    author: Author? = nil, message: String? = nil, origin: Origin = .library, durability: Durability? = nil,
    request: String? = nil, _ body: (inout Transaction) throws -> Void
  ) async throws -> Receipt {
    let prepared = try prepare(
      try collect(body), author: author ?? parts.options.author, message: message, origin: origin, request: request)
    return try await parts.writes.submit(prepared, durability ?? parts.options.durability)
  }

  /// The same for a thread that may block.
  @discardableResult
  package func transactionBlocking(
    author: Author? = nil, message: String? = nil, origin: Origin = .library, durability: Durability? = nil,
    _ body: (inout Transaction) throws -> Void
  ) throws -> Receipt {
    let prepared = try prepare(
      try collect(body), author: author ?? parts.options.author, message: message, origin: origin)
    return try parts.writes.submitBlocking(prepared, durability ?? parts.options.durability)
  }

  func collect(_ body: (inout Transaction) throws -> Void) throws -> Transaction {
    var transaction = Transaction(kinds: kinds, makeID: parts.makeID)
    try body(&transaction)
    return transaction
  }

  private func prepare(
    _ transaction: borrowing Transaction, author: Author, message: String?, origin: Origin, request: String? = nil
  ) throws(StoreError) -> PreparedTransaction {
    var operations = transaction.operations
    var prepared = try parts.writes.prepare(operations)
    let edits = try parts.handEdits.takeInBefore(prepared.changes)
    if !edits.isEmpty {
      operations = try WriteAfterEdit(objects: parts.objects, makeID: parts.makeID)
        .joined(operations, with: edits, origin: origin, parts.published.current.index)
      prepared = try parts.writes.prepare(operations)
    }
    return PreparedTransaction(
      operations: operations, changes: prepared.changes, kept: prepared.kept, kinds: prepared.kinds, author: author,
      message: message ?? transaction.plan?.subject,
      origin: origin, reference: transaction.plan?.reference, request: request,
      commitPolicy: transaction.plan == nil && request == nil ? commitPolicy(of: operations) : .each)
  }

  private func commitPolicy(of operations: [Operation]) -> Kind.CommitPolicy {
    let mayShare = operations.allSatisfy { operation in
      if case .keep = operation { return true }
      guard let collection = operation.address?.collection.text, !operation.isReseal else { return false }
      return (try? kinds.kind(of: collection))?.commitPolicy == .group
    }
    return mayShare && !operations.isEmpty ? .group : .each
  }

  // MARK: Closing

  /// Finishes what was begun, puts everything into the archive, and gives the store up.
  public func close() async throws {
    try await Blocking.run { try self.closeBlocking() }
  }

  package func closeBlocking() throws(StoreError) {
    guard
      isClosed.withLock({ closed in
        defer { closed = true }
        return !closed
      })
    else { return }
    try parts.close()
  }

  deinit {
    // Threads are ended also when `close` was forgotten; what it would have put away is in the log.
    try? closeBlocking()
  }
}
