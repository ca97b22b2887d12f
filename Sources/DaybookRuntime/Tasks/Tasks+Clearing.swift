package import Daybook
package import Documents

/// What is done to many tasks at once: `Limits.tasksAtOnce` a transaction, each of which holds for itself.
extension Tasks {
  /// Deletes the caller's tasks that were finished before a time; their history stays.
  ///
  /// - Returns: how many.
  package func cleanUp(finishedBefore time: Timestamp, for caller: Caller) async throws -> Int {
    try await forEachBatch(of: query(finishedBefore: time, for: caller), for: caller) { task, _, transaction in
      // Nobody changes what is final, and whoever else deletes it does the same.
      try transaction.delete("\(task.address)", if: .none)
      return true
    }
  }

  /// The tasks that `cleanUp` would delete.
  package func finished(before time: Timestamp, for caller: Caller) throws(StoreError) -> [DocumentAddress] {
    try documents.store.snapshot().addresses(query(finishedBefore: time, for: caller))
  }

  private func query(finishedBefore time: Timestamp, for caller: Caller) throws(StoreError) -> Query {
    let ends = TaskStatus.allCases.filter(\.isFinal).map(\.json)
    return try Query(documents.collection).owned(by: caller).where("/status", .isOneOf(ends))
      // One that says nothing of its time may have been finished a moment ago.
      .where("/updated_at", .less(.string(time.text))).where("/updated_at", .greater(.null))
  }

  /// Fails the open tasks of all users whose owner is gone: those that name a lease which is over. For a service that
  /// begins, and again and again while it runs.
  ///
  /// - Returns: how many.
  package func failInterrupted(for service: Caller) async throws -> Int {
    let (moment, judge) = (documents.now(), judge())
    let ongoing = TaskStatus.allCases.filter { !$0.isFinal }.map(\.json)
    // Without those that are changed meanwhile and so come again at the end.
    let open = try Query(documents.collection).where("/status", .isOneOf(ongoing))
      .where("/updated_at", .atMost(.string(moment.text))).sorted(by: "/updated_at")
    return try await forEachBatch(of: open, for: service) { task, snapshot, transaction in
      guard let owner = task.root["owner"]?.string, try !judge.goesOn(owner, in: snapshot) else { return false }
      var members = try TaskState(task).ending(.interrupted, at: moment, by: nil)
      members["updated_at"] = .string(moment.text)
      try transaction.set(members, of: "\(task.address)", if: .revision(task.revision))
      return true
    }
  }

  /// - Parameter change: answers whether it changes the task.
  /// - Returns: how many are changed.
  private func forEachBatch(
    of query: Query, for caller: Caller, _ change: (Document, Snapshot, inout Transaction) throws -> Bool
  ) async throws -> Int {
    var count = 0
    var cursor: String?
    repeat {
      var (changed, next): (Int, String?) = (0, nil)
      _ = try await documents.store.change(for: caller) { snapshot, transaction in
        let page = try snapshot.query(query.limited(to: Limits.tasksAtOnce).after(cursor))
        changed = try page.documents.count { try change($0, snapshot, &transaction) }
        next = page.next
      }
      count += changed
      cursor = next
    } while cursor != nil
    return count
  }
}
