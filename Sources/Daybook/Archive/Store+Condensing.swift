/// What condensing did to the packs. Bytes are those of packs and their indexes together.
public struct CondensingReport: Sendable, Equatable {
  public let packsBefore: Int
  public let packsAfter: Int
  public let bytesBefore: Int
  public let bytesAfter: Int

  init(before: [PackFolder.Pack], after: [PackFolder.Pack]) {
    (packsBefore, packsAfter) = (before.count, after.count)
    bytesBefore = before.reduce(0) { $0 + $1.bytes + $1.indexBytes }
    bytesAfter = after.reduce(0) { $0 + $1.bytes + $1.indexBytes }
  }
}

extension Store {
  /// Makes the store's packs as small as they get, now; otherwise that happens when nobody writes for a while.
  ///
  /// Everything that was acknowledged is archived first. Reading and writing go on meanwhile; what is written in that time
  /// may be left for the next time. It takes about three seconds for 100 MiB of packs, and memory of
  /// three times the packs that one round takes, which are 256 MiB at most. Packs with a `.keep` file stay as they are.
  ///
  /// - Returns: How many packs there were and are, and of how many bytes.
  /// - Throws: `.unavailable` when the store is closed meanwhile, or the disk fails. Nothing is lost then.
  @discardableResult
  public func condense() async throws -> CondensingReport {
    return try await withCheckedThrowingContinuation {
      (continuation: CheckedContinuation<CondensingReport, any Error>) in
      let condenser = parts.condenser
      parts.queue.whenArchived(parts.published.current.sequence) { failure in
        if let failure { return continuation.resume(throwing: failure) }
        condenser.condense { continuation.resume(with: $0.mapError { $0 }) }
      }
    }
  }
}
