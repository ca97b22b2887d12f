import Dispatch
import Synchronization

/// The writes that are to be at the hub before they are answered, between those who write and those who sync.
///
///     held ──door opens──▶ entering ──written here──▶ waiting ──the hub has it────▶ answered
///                                                        ├──────taken back─────────▶ conflict
///                                                        └──────the hub fails──────▶ an error; it goes with a later sync
///
/// Whoever merges what came from the hub closes the door meanwhile: then each write is either waiting, and is looked at
/// before the merge, or is made on top of it, when the writer checks its preconditions anyway. None slips through between.
final class ReplicationQueue: Sendable {
  typealias Answer = @Sendable (Result<Receipt, StoreError>) -> Void

  /// A write that is on this machine's disk.
  struct Write: Sendable {
    let number: Int
    let receipt: Receipt
    let assumptions: [Assumption]
    let answer: Answer
  }

  private struct State {
    /// Throws when there is no hub; nil while nobody brings writes to one.
    var requireHub: (@Sendable () throws(StoreError) -> Void)?
    /// How many hold the door.
    var holders = 0
    var held: [@Sendable () -> Void] = []
    var entering = 0
    var waiting: [Write] = []
    /// Somebody wants to read what another node has written.
    var wantsNews = false
    /// How many ever waited.
    var count = 0
    var isClosed = false
  }

  /// What this node is called, as long as the store is open.
  let node: String
  private let state = Mutex(State())
  private let work = DispatchSemaphore(value: 0)
  private let nobodyEnters = DispatchSemaphore(value: 0)
  private let syncTurn = Mutex(())

  init(node: String) { self.node = node }

  // MARK: The writers' side

  /// Throws when no write can wait for a hub.
  func requireHub() throws(StoreError) {
    guard let requireHub = state.withLock({ $0.requireHub }) else {
      throw StoreError(
        .usage, "Nobody brings what is written here to a hub: nothing was written.",
        hint: "A service does that unless it is told not to sync: `daybook serve`.")
    }
    try requireHub()
  }

  /// Lets a write be made once the door is open, and answers when the hub has it.
  ///
  /// - Parameter write: makes it on this machine, and answers what came of that.
  func enter(
    _ assumptions: [Assumption], _ write: @escaping @Sendable (@escaping Answer) -> Void, _ answer: @escaping Answer
  ) {
    let begin: @Sendable () -> Void = {
      write { result in self.written(result, assumptions, answer) }
    }
    let mayEnter = state.withLock { state in
      if state.holders > 0 {
        state.held.append(begin)
        return false
      }
      state.entering += 1
      return true
    }
    if mayEnter { begin() }
  }

  private func written(_ result: Result<Receipt, StoreError>, _ assumptions: [Assumption], _ answer: @escaping Answer) {
    let (isClosed, isLast) = state.withLock { state in
      state.entering -= 1
      if case .success(let receipt) = result, !state.isClosed {
        state.count += 1
        state.waiting.append(
          Write(number: state.count, receipt: receipt, assumptions: assumptions, answer: answer))
      }
      return (state.isClosed, state.entering == 0 && state.holders > 0)
    }
    if isLast { nobodyEnters.signal() }
    switch result {
    case .failure: answer(result)
    case .success where isClosed: answer(.failure(Self.closed))
    case .success: work.signal()
    }
  }

  private static let closed = StoreError(
    .unavailable, "The store was closed before the hub took the write, which is on this machine's disk.",
    hint: "It goes to the hub with the next sync.")

  // MARK: The side of those who sync

  /// Lets one sync go on at a time: each takes along what waits.
  func inTurn<Result>(_ body: () throws(StoreError) -> Result) throws(StoreError) -> Result {
    try syncTurn.withLock { _ throws(StoreError) in try body() }
  }

  /// Keeps writes from being made while `body` runs. All that were made before are waiting by then.
  func closingDoor<Result>(_ body: () throws(StoreError) -> Result) throws(StoreError) -> Result {
    let mustWait = state.withLock { state in
      state.holders += 1
      return state.entering > 0
    }
    if mustWait { nobodyEnters.wait() }
    defer { openDoor() }
    return try body()
  }

  private func openDoor() {
    let held = state.withLock { state in
      state.holders -= 1
      guard state.holders == 0 else { return [] as [@Sendable () -> Void] }
      state.entering += state.held.count
      defer { state.held = [] }
      return state.held
    }
    for begin in held { begin() }
  }

  var waiting: [Write] { state.withLock { $0.waiting } }

  /// The hub has all commits up to this sequence.
  func reached(_ sequence: UInt64) {
    for write in take({ $0.receipt.sequence <= sequence }) { write.answer(.success(write.receipt)) }
  }

  /// These do not stand.
  func fail(_ writes: [Write], _ error: StoreError) {
    let numbers = Set(writes.map(\.number))
    for write in take({ numbers.contains($0.number) }) { write.answer(.failure(error)) }
  }

  private func take(_ isMeant: (Write) -> Bool) -> [Write] {
    state.withLock { state in
      let meant = state.waiting.filter(isMeant)
      state.waiting.removeAll(where: isMeant)
      return meant
    }
  }

  // MARK: The replicator's side

  func begin(requiringHub require: @escaping @Sendable () throws(StoreError) -> Void) {
    state.withLock { $0.requireHub = require }
  }

  func end() { state.withLock { $0.requireHub = nil } }

  /// Has what others wrote be fetched soon, if anybody talks to a hub.
  func askForNews() {
    state.withLock { $0.wantsNews = true }
    work.signal()
  }

  /// Blocks until a write waits or news are asked for, for so long at most.
  ///
  /// - Returns: how to sync; nil when there is no need to.
  func waitForWork(milliseconds: Int) -> SyncOrder? {
    _ = work.wait(timeout: .now() + .milliseconds(milliseconds))
    return state.withLock { state in
      defer { state.wantsNews = false }
      return state.wantsNews ? .fetchFirst : state.waiting.isEmpty ? nil : .pushFirst
    }
  }

  var isClosed: Bool { state.withLock { $0.isClosed } }

  func close() {
    let left = state.withLock { state in
      state.isClosed = true
      defer { state.waiting = [] }
      return state.waiting
    }
    for write in left { write.answer(.failure(Self.closed)) }
    work.signal()
  }
}
