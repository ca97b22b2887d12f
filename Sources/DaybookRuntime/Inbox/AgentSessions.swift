package import Daybook
package import Documents

/// A session of an agent as a whole: what `AgentThreads`, `Checkpoints`, `Interrupts` and `Todos` know of one thread.
package struct AgentSessions: Sendable {
  package let threads: AgentThreads
  package let checkpoints: Checkpoints
  package let interrupts: Interrupts
  package let todos: Todos

  /// - Parameter now: the time of day; the store's own when left out.
  package init(_ store: Store, now: (@Sendable () -> Timestamp)? = nil) {
    threads = AgentThreads(store, now: now)
    checkpoints = Checkpoints(threads)
    interrupts = Interrupts(threads)
    todos = Todos(threads)
  }

  /// A session as it is: all of one moment.
  ///
  /// - Parameter namespaces: those of which the latest checkpoint is wanted; a graph makes one for each call of a graph
  ///   within it, so there may be any number.
  /// - Throws: `.notFound`.
  package func state(
    of thread: String, namespaces: [String] = [""], for caller: Caller
  ) throws(StoreError) -> AgentSessionState {
    try state(ThreadKey(thread, of: caller), namespaces, in: threads.store.snapshot())
  }

  /// Takes a session up again after its agent was gone: it runs, unless something waits for a person, and the caller
  /// has all that it takes to go on.
  ///
  /// - Parameters:
  ///   - checkpoint: an older one to go on from, in place of the latest of its namespace.
  ///   - namespaces: those of which the latest checkpoint is wanted.
  /// - Throws: `.notFound` for a thread or checkpoint that is not there.
  package func restore(
    _ thread: String, to checkpoint: CheckpointName? = nil, namespaces: [String] = [""], for caller: Caller
  ) async throws -> AgentSessionState {
    let key = try ThreadKey(thread, of: caller)
    try await threads.takeUp(key, for: caller) { snapshot throws(StoreError) in
      _ = try older(checkpoint, key, in: snapshot)
    }
    let snapshot = threads.store.snapshot()
    var state = try state(key, namespaces, in: snapshot)
    if let older = try older(checkpoint, key, in: snapshot) { state.goOn(from: older) }
    return state
  }

  private func older(
    _ name: CheckpointName?, _ key: ThreadKey, in snapshot: Snapshot
  ) throws(StoreError) -> SavedCheckpoint? {
    guard let name else { return nil }
    guard let checkpoint = try checkpoints.checkpoint(name.id, name.namespace, key, in: snapshot) else {
      throw StoreError(.notFound, "The thread '\(key.id)' has no checkpoint '\(name.id)'.", document: key.address)
    }
    return checkpoint
  }

  private func state(
    _ key: ThreadKey, _ namespaces: [String], in snapshot: Snapshot
  ) throws(StoreError) -> AgentSessionState {
    let thread = try snapshot.thread(key)
    var latest: [SavedCheckpoint] = []
    for namespace in namespaces {
      if let checkpoint = try checkpoints.checkpoint(nil, namespace, key, in: snapshot) { latest.append(checkpoint) }
    }
    func matters(_ collection: String) throws(StoreError) -> Query {
      try OpenMatters.query(collection, of: key).sorted(by: "/created_at", .descending).limited(to: Limits.stateItems)
    }
    return AgentSessionState(
      thread: thread, checkpoints: latest,
      interrupts: try snapshot.query(matters(Interrupts.collection).where("/status", .equals("open"))).documents,
      todos: try snapshot.query(matters(Todos.collection)).documents, sequence: snapshot.sequence)
  }
}

/// A session at one moment.
package struct AgentSessionState: Sendable {
  package let thread: Document
  /// The latest of each namespace that was asked for and has one.
  package private(set) var checkpoints: [SavedCheckpoint]
  /// Those that wait for an answer, newest first: at most `Limits.stateItems`, and fewer when they are large. How many
  /// there are stands in the thread, as `open_interrupts`.
  package let interrupts: [Document]
  /// All of them, newest first, within the same bounds.
  package let todos: [Document]
  /// What a stream of changes goes on from.
  package let sequence: UInt64

  mutating func goOn(from older: SavedCheckpoint) {
    checkpoints.removeAll { $0.namespace.isExactly(older.namespace) }
    checkpoints.insert(older, at: 0)
  }
}
