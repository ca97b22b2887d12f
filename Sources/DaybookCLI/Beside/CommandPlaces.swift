import Daybook
import Synchronization

/// Places for the commands that a service runs for others. Who waits for something that may never come gives its place
/// back meanwhile, so that those who wait never keep out whoever would end that.
final class CommandPlaces: Sendable {
  /// How many commands are at work at once; others stand in line.
  private static let working = 16
  /// How many may wait besides; one more is turned away.
  private static let waiting = 256

  private let taken = Mutex((working: 0, waiting: 0))

  var isFull: Bool { taken.withLock { $0.working >= Self.working } }

  func take() { taken.withLock { $0.working += 1 } }
  func giveBack() { taken.withLock { $0.working -= 1 } }

  /// Lets somebody else have the place while the body waits. It is taken again at once then: what is left to do is short.
  ///
  /// - Throws: `.busy` when too many wait already.
  func givenBack<Result>(_ body: () async throws -> Result) async throws -> Result {
    let mayWait = taken.withLock { taken in
      guard taken.waiting < Self.waiting else { return false }
      taken = (taken.working - 1, taken.waiting + 1)
      return true
    }
    guard mayWait else {
      throw StoreError(
        .busy, "\(Self.waiting) commands wait already in the service that has the store open.",
        hint: "End some of them, or follow /v1/events.")
    }
    defer { taken.withLock { $0 = ($0.working + 1, $0.waiting - 1) } }
    return try await body()
  }
}
