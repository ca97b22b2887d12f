import Storage

extension Store {
  /// Makes the store's packs as small as they get, now; otherwise that happens when nobody writes for a while.
  ///
  /// Everything that was acknowledged is archived first. Reading and writing go on meanwhile; what is written in that time
  /// may be left for the next time. It takes about three seconds for 100 MiB of packs, and memory of
  /// `Limits.condensingMemoryBytes`. What stays as it is, and why, is in the report. `maintain` does more, within a budget.
  ///
  /// - Returns: How many packs there were and are, of how many bytes, and which were left.
  /// - Throws: `.unavailable` when the store is closed meanwhile, or the disk fails. Nothing is lost then.
  @discardableResult
  public func condense() async throws -> CondensingReport {
    try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<CondensingReport, any Error>) in
      condense(CondensingBudget()) { continuation.resume(with: $0.mapError { $0 }) }
    }
  }

  /// The same within a budget, for a thread that may block.
  func condenseBlocking(_ budget: CondensingBudget) throws(StoreError) -> CondensingReport {
    let reply = Reply<Result<CondensingReport, StoreError>>()
    condense(budget) { reply.send($0) }
    return try reply.wait().get()
  }

  private func condense(_ budget: CondensingBudget, _ answer: @escaping Condenser.Answer) {
    let condenser = parts.condenser
    parts.queue.whenArchived(parts.published.current.sequence) { failure in
      if let failure { return answer(.failure(failure)) }
      condenser.condense(budget, answer)
    }
  }
}
