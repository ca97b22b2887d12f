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
  public let kinds: Kinds
  /// Schema files that are broken, or were deleted by hand; the store works with their last good state.
  public let schemaProblems: [StoreError]

  let parts: StoreParts
  private let isClosed = Mutex(false)

  init(_ parts: StoreParts) {
    path = parts.root
    kinds = parts.kinds
    schemaProblems = parts.schemaProblems
    self.parts = parts
  }

  // MARK: Reading

  /// The whole store as it is now. What it shows never changes, however long it is kept.
  public func snapshot() -> Snapshot {
    Snapshot(parts.published.current, kinds: kinds, objects: parts.objects, sealer: parts.sealer)
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
  /// - Returns: The new revisions and the commit. A transaction that changes nothing makes no commit.
  /// - Throws: `StoreError`, or whatever the closure throws. After `.unavailable` the store takes no more writes.
  @discardableResult
  public func transaction(
    author: Author? = nil, message: String? = nil, origin: Origin = .library, durability: Durability? = nil,
    _ body: (inout Transaction) throws -> Void
  ) async throws -> Receipt {
    var transaction = Transaction(kinds: kinds, makeID: parts.makeID)
    try body(&transaction)
    let prepared = try prepare(
      transaction.operations, author: author ?? parts.options.author, message: message, origin: origin)
    return try await write(prepared, durability ?? parts.options.durability)
  }

  /// The same for a thread that may block.
  @discardableResult
  package func transactionBlocking(
    author: Author? = nil, message: String? = nil, origin: Origin = .library, durability: Durability? = nil,
    _ body: (inout Transaction) throws -> Void
  ) throws -> Receipt {
    var transaction = Transaction(kinds: kinds, makeID: parts.makeID)
    try body(&transaction)
    let prepared = try prepare(
      transaction.operations, author: author ?? parts.options.author, message: message, origin: origin)
    return try writeBlocking(prepared, durability ?? parts.options.durability)
  }

  /// Writes what was prepared elsewhere.
  func writeBlocking(_ transaction: PreparedTransaction, _ durability: Durability) throws(StoreError) -> Receipt {
    let reply = Reply<Result<Receipt, StoreError>>()
    try enqueue(transaction, durability, mayLead: true) { reply.send($0) }
    return try reply.wait().get()
  }

  private func prepare(
    _ operations: [Operation], author: Author, message: String?, origin: Origin
  ) throws(StoreError) -> PreparedTransaction {
    PreparedTransaction(
      operations: operations, changes: try prepared(operations), author: author, message: message, origin: origin,
      commitPolicy: commitPolicy(of: operations))
  }

  /// A working file that is newer than the state it was compared with looks like a hand edit; on the newest state it does
  /// not.
  private func prepared(_ operations: [Operation]) throws(StoreError) -> [FileChange] {
    let state = parts.published.current
    do {
      return try parts.preparer.prepare(operations, on: state.index)
    } catch  where error.code == .conflict && parts.published.current.sequence > state.sequence {
      return try parts.preparer.prepare(operations, on: parts.published.current.index)
    }
  }

  private func commitPolicy(of operations: [Operation]) -> Kind.CommitPolicy {
    let mayShare = operations.allSatisfy { operation in
      guard let collection = operation.address?.collection.text, !operation.isReseal else { return false }
      return (try? kinds.kind(of: collection))?.commitPolicy == .group
    }
    return mayShare && !operations.isEmpty ? .group : .each
  }

  /// A caller that writes for itself keeps a thread of Swift's from other tasks for the time of one sync, which is shorter
  /// than waking another thread; with a single processor it would keep them from gathering to a group.
  private static let hasThreadsToSpare = WorkerThread.processorCount > 1

  private func write(_ transaction: PreparedTransaction, _ durability: Durability) async throws -> Receipt {
    try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Receipt, any Error>) in
      do throws(StoreError) {
        try enqueue(transaction, durability, mayLead: Self.hasThreadsToSpare && !parts.queue.isFull) {
          continuation.resume(with: $0.mapError { $0 })
        }
      } catch {
        continuation.resume(throwing: error)
      }
    }
  }

  private func enqueue(
    _ transaction: PreparedTransaction, _ durability: Durability, mayLead: Bool,
    _ answer: @escaping @Sendable (Result<Receipt, StoreError>) -> Void
  ) throws(StoreError) {
    do {
      try parts.loop.submit(
        Writer.Request(transaction: transaction, durability: durability, answer: answer), bytes: transaction.bytes,
        mayLead: mayLead)
    } catch {
      switch error {
      case .full:
        throw StoreError(.busy, "Too many writes wait for the store.", hint: "Try again in a moment.")
      case .closed:
        throw StoreError(.unavailable, "The store is closed.")
      }
    }
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
