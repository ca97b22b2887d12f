import Documents
import Git
import Storage

/// The way from wishes to the one writer's queue, on the caller's side: check and prepare, then hand over.
struct WritePath: Sendable {
  let preparer: Preparer
  let published: PublishedState
  let loop: CommitLoop<Writer.Request>
  let queue: ArchiveQueue
  let replication: ReplicationQueue

  /// A caller that writes for itself keeps a thread of Swift's from other tasks for the time of one sync, which is shorter
  /// than waking another thread; with a single processor it would keep them from gathering to a group.
  private static let hasThreadsToSpare = WorkerThread.processorCount > 1

  typealias Prepared = (changes: [FileChange], kept: [KeptDocument], kinds: ObjectID)

  /// What the operations make of the store as it is now, and the kinds by whose rules.
  func prepare(_ operations: [Operation]) throws(StoreError) -> Prepared {
    let index = published.current.index
    let (changes, kept) = try preparer.outcome(of: operations, on: index)
    return (changes, kept, index.kinds.fingerprint)
  }

  /// For a task: it may write for itself if that holds up nobody.
  func submit(_ transaction: PreparedTransaction, _ durability: Durability) async throws -> Receipt {
    try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Receipt, any Error>) in
      do throws(StoreError) {
        try enqueue(transaction, durability, mayLead: Self.hasThreadsToSpare && !queue.isFull) {
          continuation.resume(with: $0.mapError { $0 })
        }
      } catch {
        continuation.resume(throwing: error)
      }
    }
  }

  /// For a thread that may block.
  func submitBlocking(_ transaction: PreparedTransaction, _ durability: Durability) throws(StoreError) -> Receipt {
    let reply = Reply<Result<Receipt, StoreError>>()
    try enqueue(transaction, durability, mayLead: true) { reply.send($0) }
    return try reply.wait().get()
  }

  private func enqueue(
    _ transaction: PreparedTransaction, _ durability: Durability, mayLead: Bool,
    _ answer: @escaping @Sendable (Result<Receipt, StoreError>) -> Void
  ) throws(StoreError) {
    guard durability == .replicated else { return try handOver(transaction, durability, mayLead: mayLead, answer) }
    try replication.requireHub()
    let assumptions = try transaction.assumptions(published.current.index.kinds)
    replication.enter(
      assumptions,
      { written in
        do throws(StoreError) {
          try handOver(
            assumptions.isEmpty ? transaction : transaction.byItself(of: replication.node), .durable, mayLead: mayLead,
            written)
        } catch {
          written(.failure(error))
        }
      }, answer)
  }

  private func handOver(
    _ transaction: PreparedTransaction, _ durability: Durability, mayLead: Bool,
    _ answer: @escaping @Sendable (Result<Receipt, StoreError>) -> Void
  ) throws(StoreError) {
    do {
      try loop.submit(
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
}
