extension Store {
  /// Returns once the hub has what was written here before.
  ///
  /// - Throws: `.usage` without a hub; `.remote`, `.busy` or `.unavailable` when it does not take it.
  package func replicated(_ receipt: Receipt) async throws -> Receipt {
    let queue = parts.replication
    try queue.requireHub()
    return try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Receipt, any Error>) in
      queue.enter([], { written in written(.success(receipt)) }) { continuation.resume(with: $0.mapError { $0 }) }
    }
  }
}
