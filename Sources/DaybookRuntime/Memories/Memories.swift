package import Daybook
package import Documents

/// What agents remember over all their threads: values under keys, in namespaces.
///
/// ```swift
/// let memories = Memories(store)
/// let food = MemoryName("food", in: try MemoryNamespace(["users", "ann"]))
/// try await memories.put(["likes": "soup"], as: food, for: caller)
/// let found = try await memories.search(MemorySearch(in: MemoryNamespace(["users"])), for: caller)
/// ```
///
/// A batch is one look at the store and one commit: what it reads is the state before what it writes, and of several
/// writes of one memory the last counts. A memory may have a time to live, in minutes since its last access; once that
/// is over it is not there any more, and its document goes with the next sweep.
package struct Memories: Sendable {
  static let collection = "memories"
  /// How many operations one batch takes.
  package static let batchedOperations = Limits.batchedOperations

  private let store: Store
  private let now: @Sendable () -> Timestamp

  /// - Parameter now: the time of day; the store's own when left out.
  package init(_ store: Store, now: (@Sendable () -> Timestamp)? = nil) {
    self.store = store
    self.now = now ?? { store.now }
  }

  /// Carries out the wishes of a batch; returns what each comes to, in their order. An access that only could not be noted
  /// is no failure.
  ///
  /// - Parameter refreshing: whether anything that is read may live its time anew.
  /// - Throws: `.invalid` for a namespace in which nothing can be kept or an operator that nobody knows, `.limit` for a
  ///   batch or a search that is too large. Then nothing was written.
  package func batch(
    _ operations: [MemoryOperation], refreshing: Bool = true, for caller: Caller
  ) async throws -> [MemoryResult] {
    guard operations.count <= Limits.batchedOperations else {
      throw StoreError(.limit, "A batch takes at most \(Limits.batchedOperations) operations.")
    }
    let batch = try MemoryBatch(operations, in: store.snapshot(), refreshing: refreshing, for: caller, at: now())
    var results = batch.results
    guard !batch.isReading else { return results }
    do {
      // That something was read is nothing that its reader did.
      _ = try await store.change(for: batch.isPutting ? caller : caller.asService) { snapshot, transaction in
        let batch = try MemoryBatch(operations, in: snapshot, refreshing: refreshing, for: caller, at: now())
        try batch.write(to: &transaction)
        results = batch.results
      }
    } catch let error as StoreError
      where !batch.isPutting && [.conflict, .busy, .unavailable].contains(error.code)
    {
      return batch.results
    }
    return results
  }

  /// What the wishes of a batch come to that was carried out before.
  package func results(of operations: [MemoryOperation], for caller: Caller) throws(StoreError) -> [MemoryResult] {
    try MemoryBatch(operations, in: store.snapshot(), refreshing: false, for: caller, at: now()).results
  }

  // MARK: One at a time

  /// The memory of a name; nil when there is none.
  package func memory(_ name: MemoryName, refreshing: Bool = true, for caller: Caller) async throws -> Memory? {
    guard case .memory(let memory) = try await batch([.get(name, refreshing: refreshing)], for: caller).first else {
      return nil
    }
    return memory
  }

  /// Keeps a value; what was under that name before is replaced.
  ///
  /// - Parameter minutesToLive: nil: for ever.
  package func put(
    _ value: JSONObject, as name: MemoryName, minutesToLive: Double? = nil, for caller: Caller
  ) async throws {
    _ = try await batch([.put(name, value, minutesToLive: minutesToLive)], for: caller)
  }

  /// One that is not there is deleted already.
  package func delete(_ name: MemoryName, for caller: Caller) async throws {
    _ = try await batch([.put(name, nil, minutesToLive: nil)], for: caller)
  }

  /// The memories in and below a namespace that pass a filter, the one that was put last first.
  package func search(_ search: MemorySearch, for caller: Caller) async throws -> [Memory] {
    guard case .memories(let memories) = try await batch([.search(search)], for: caller).first else { return [] }
    return memories
  }

  /// The namespaces that hold memories, in order.
  package func namespaces(_ list: NamespaceList, for caller: Caller) async throws -> [MemoryNamespace] {
    guard case .namespaces(let namespaces) = try await batch([.namespaces(list)], for: caller).first else { return [] }
    return namespaces
  }
}
