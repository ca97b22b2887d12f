import Daybook
import Documents

/// Taking away what a thread has. What one commit may hold is bounded; when there is more, it goes in several,
/// checkpoints first and the document of the thread last: who is interrupted does it again, and the rest goes too.
extension AgentThreads {
  /// How much of a thread stays when it is pruned.
  package enum Strategy: Sendable, Equatable {
    /// So many of the newest checkpoints of each namespace, 1 at least.
    case keepLast(Int)
    /// Nothing, not even the thread.
    case delete
  }

  /// Deletes a thread with all that it has. One that is not there is deleted already.
  ///
  /// - Returns: how many documents went. The history keeps them.
  @discardableResult
  package func delete(_ id: String, for caller: Caller) async throws -> Int {
    let key = try ThreadKey(id, of: caller)
    return try await contents.take(of: key.prefix) {
      try await turns.take(of: key.prefix) {
        let snapshot = store.snapshot()
        var addresses = try ThreadContents(key, in: snapshot).everything
        addresses += try OpenMatters.all(of: key, in: snapshot)
        if try snapshot.ownThread(key) != nil { addresses.append(key.address) }
        return try await remove(addresses, for: caller)
      }
    }
  }

  /// Takes older checkpoints of some threads away, with their writes and with values that only they had. Those that a
  /// kept one cannot do without stay (`Retention`). Threads that are not there are passed over.
  ///
  /// - Returns: how many documents went.
  @discardableResult
  package func prune(_ ids: [String], _ strategy: Strategy, for caller: Caller) async throws -> Int {
    var count = 0
    for id in ids {
      guard case .keepLast(let newest) = strategy else {
        count += try await delete(id, for: caller)
        continue
      }
      guard newest > 0 else {
        throw StoreError(.usage, "Pruning keeps one checkpoint at least; else delete the thread.")
      }
      count += try await remove(from: ThreadKey(id, of: caller), for: caller) { contents throws(StoreError) in
        let removed = try contents.checkpoints(beyondNewest: newest)
        return try contents.documents(goingWith: removed) + contents.lateWrites(without: removed)
      }
    }
    return count
  }

  /// Deletes the checkpoints that some runs made, in all threads of the caller, with their writes.
  ///
  /// - Returns: how many documents went.
  @discardableResult
  package func deleteRuns(_ runs: [String], for caller: Caller) async throws -> Int {
    var count = 0
    for key in try threads(of: runs, for: caller) {
      count += try await remove(from: key, for: caller) { contents throws(StoreError) in
        var removed: Set<String> = []
        for id in contents.checkpoints {
          let run = try contents.checkpoint(id)?.metadata["run_id"]?.string
          if let run, runs.contains(run) { removed.insert(id) }
        }
        return try contents.documents(goingWith: removed)
      }
    }
    return count
  }

  /// The threads in which some runs made checkpoints.
  private func threads(of runs: [String], for caller: Caller) throws(StoreError) -> Set<ThreadKey> {
    let snapshot = store.snapshot()
    var keys: Set<ThreadKey> = []
    for run in runs {
      let query = try Query(Checkpoints.collection).where("/user", .equals(.string(caller.user)))
        .where("/metadata/run_id", .equals(.string(run)))
      for document in try snapshot.all(query) {
        keys.insert(try ThreadKey(document.root["thread_id"]?.string ?? "", of: caller))
      }
    }
    return keys
  }

  /// Removes some of what a thread has, while nobody saves anything of it that could name what goes.
  private func remove(
    from key: ThreadKey, for caller: Caller, _ decide: (ThreadContents) throws(StoreError) -> [String]
  ) async throws -> Int {
    try await contents.take(of: key.prefix) {
      try await remove(decide(ThreadContents(key, in: store.snapshot())), for: caller)
    }
  }

  private func remove(_ addresses: [String], for caller: Caller) async throws -> Int {
    var rest = addresses[...]
    while !rest.isEmpty {
      let batch = rest.prefix(Limits.threadBatchDocuments)
      rest = rest.dropFirst(batch.count)
      _ = try await store.change(for: caller) { _, transaction in
        for address in batch { try transaction.delete(address, if: .none) }
      }
    }
    return addresses.count
  }
}
