import Synchronization

/// Lets one transfer of a store go on at a time: a second would bring the same once more, or push what the first is
/// pushing.
final class TransferTurn: Sendable {
  private let isTaken = Mutex(false)

  func take<Result>(_ body: () throws(StoreError) -> Result) throws(StoreError) -> Result {
    let isFree = isTaken.withLock { taken in
      defer { taken = true }
      return !taken
    }
    guard isFree else {
      throw StoreError(.busy, "The store is talking to a remote already.", hint: "Try again when that is done.")
    }
    defer { isTaken.withLock { $0 = false } }
    return try body()
  }
}
