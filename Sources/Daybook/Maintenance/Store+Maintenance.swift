extension Store {
  /// Does what can be put off: removes temporary files that were left behind, sweeps expired documents, condenses packs.
  ///
  /// ```swift
  /// let report = try await store.maintain(within: .seconds(30))
  /// print(report.bytesFreed, report.isComplete)
  /// ```
  ///
  /// A store that stays open does most of this by itself, when there is time; a program that opens it for a moment does not.
  /// Reading and writing go on meanwhile. It may be killed anywhere.
  ///
  /// - Parameters:
  ///   - time: When it is used up, the step that it is at ends or is given up, and the report says what is left. With
  ///     `.zero` nothing is done: so it says what there is to do. Nil for as long as it takes.
  ///   - memoryBytes: About how much memory condensing may take; a pack of more than a third of it is left as it is.
  /// - Throws: `.unavailable` when the store is closed meanwhile, or the disk fails. What was done until then stays done.
  @discardableResult
  public func maintain(
    within time: Duration? = nil, memoryBytes: Int = Limits.condensingMemoryBytes
  ) async throws -> MaintenanceReport {
    let budget = CondensingBudget(deadline: Deadline(after: time), memoryBytes: memoryBytes)
    return try await Blocking.run { try Maintenance(store: self, budget: budget).run() }
  }
}
