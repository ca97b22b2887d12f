import Dispatch
import Git
import Logging
import Storage
import Synchronization

/// The condenser's thread: makes packs tight when nobody has written for a while, when that never happens from time to
/// time, or when somebody asks for it.
///
/// It holds nobody up. Commits that come in meanwhile are archived beside it, and closing the store ends it between two
/// objects. A pack that is damaged is told by name and left out. After any other failure it rests until it is asked or the
/// store is opened again: packs that are not condensed are large, not wrong.
final class Condenser: Sendable {
  typealias Answer = @Sendable (Result<CondensingReport, StoreError>) -> Void

  private struct State {
    /// When the store will have been idle for long enough; nil when there is nothing to look for.
    var idleFrom: DispatchTime?
    /// Since when something has been archived that was not looked at.
    var notedSince: DispatchTime?
    var requests: [Request] = []
    var isClosing = false
    var isResting = false
  }

  private struct Request {
    var budget: CondensingBudget
    var answer: Answer
  }

  private enum Step {
    case wait(until: DispatchTime?)
    case condenseIdly
    case answer(Request)
    case stop
  }

  private let maintenance: PackMaintenance
  private let objects: ObjectReader
  private let logger: Logger
  private let state = Mutex(State(idleFrom: Condenser.whenIdle))
  private let work = DispatchSemaphore(value: 0)

  init(maintenance: PackMaintenance, objects: ObjectReader, logger: Logger) {
    self.maintenance = maintenance
    self.objects = objects
    self.logger = logger
  }

  private static var whenIdle: DispatchTime { .now() + .milliseconds(Limits.condensingIdleMilliseconds) }

  // MARK: The others' side

  /// Packs that cannot be read, and what to do.
  var packProblems: [FileProblem] { maintenance.problems }

  /// Something was archived: the store is not idle.
  func noteArchived() {
    state.withLock { state in
      state.notedSince = state.notedSince ?? .now()
      // A store that is never idle is condensed beside its writers all the same, now and then.
      let latest = (state.notedSince ?? .now()) + .milliseconds(Limits.condensingLatestMilliseconds)
      state.idleFrom = min(Self.whenIdle, latest)
    }
    work.signal()
  }

  /// Condenses at once, and answers what came of it.
  func condense(_ budget: CondensingBudget, _ answer: @escaping Answer) {
    let isOpen = state.withLock { state in
      if !state.isClosing { state.requests.append(Request(budget: budget, answer: answer)) }
      return !state.isClosing
    }
    if isOpen { work.signal() } else { answer(.failure(Self.closed)) }
  }

  /// Ends the thread soon, whatever it is doing.
  func close() {
    state.withLock { $0.isClosing = true }
    work.signal()
  }

  /// Condenses if much has piled up; for the thread that closes the store, when all others have ended.
  func condenseAtClosing() {
    attempt { _ = try condenseOnce(.closing, CondensingBudget(), isCancelled: { false }, onReplaced: {}) }
  }

  private static let closed = StoreError(
    .unavailable, "The store was closed before it was condensed.", hint: "Nothing is lost: ask again.")

  // MARK: The thread

  /// Runs until it is closed.
  ///
  /// - Parameter onReplaced: Called when packs are gone, for those who may hold them open.
  func run(onReplaced: @escaping @Sendable () throws -> Void) {
    while true {
      switch nextStep() {
      case .wait(let time): if let time { _ = work.wait(timeout: time) } else { work.wait() }
      case .condenseIdly:
        attempt {
          let taken = try condenseOnce(
            .idle, CondensingBudget(), isCancelled: { self.isClosing }, onReplaced: onReplaced)
          // More may have piled up than one round takes.
          if taken != nil { state.withLock { $0.idleFrom = $0.idleFrom ?? .now() } }
        }
        FreedMemory.giveBack()
      case .answer(let request):
        let result = condenseAll(request.budget, onReplaced)
        FreedMemory.giveBack()
        request.answer(result)
      case .stop: return
      }
    }
  }

  private var isClosing: Bool { state.withLock { $0.isClosing } }

  private func nextStep() -> Step {
    let (step, refused) = state.withLock { state -> (Step, [Request]) in
      if state.isClosing {
        defer { state.requests = [] }
        return (.stop, state.requests)
      }
      if !state.requests.isEmpty { return (.answer(state.requests.removeFirst()), []) }
      guard let time = state.idleFrom, !state.isResting else { return (.wait(until: nil), []) }
      guard time <= .now() else { return (.wait(until: time), []) }
      state.idleFrom = nil
      state.notedSince = nil
      return (.condenseIdly, [])
    }
    for request in refused { request.answer(.failure(Self.closed)) }
    return step
  }

  private func attempt(_ body: () throws -> Void) {
    do {
      try body()
    } catch let error as GitError where error.code == .cancelled {
      logger.debug("condensing was ended", metadata: ["error": "\(error)"])
    } catch {
      state.withLock { $0.isResting = true }
      logger.warning("packs could not be condensed", metadata: ["error": "\(error)"])
    }
  }

  // MARK: Condensing

  /// Condenses all there is by now, in as many rounds as it takes; what is archived meanwhile waits for the next time.
  private func condenseAll(
    _ budget: CondensingBudget, _ onReplaced: @escaping @Sendable () throws -> Void
  ) -> Result<CondensingReport, StoreError> {
    do {
      maintenance.forgetUnreadable()
      // Waits for the archiving that is under way: until its end its pack is not ours to take.
      try onReplaced()
      let before = try maintenance.folder.packs()
      try condenseRounds(before, budget, onReplaced)
      if isClosing { return .failure(Self.closed) }
      state.withLock { $0.isResting = false }
      return .success(
        CondensingReport(
          before: before, after: try maintenance.folder.packs(), left: try maintenance.left(of: before, budget)))
    } catch {
      return .failure(
        StoreError(
          .unavailable, "The packs could not be condensed; nothing is lost.", hint: "Run `daybook check`.",
          cause: error))
    }
  }

  private func condenseRounds(
    _ before: [PackFolder.Pack], _ budget: CondensingBudget, _ onReplaced: @escaping @Sendable () throws -> Void
  ) throws {
    let isCancelled = { self.isClosing || budget.deadline.isOver }
    var left = Set(before.map(\.name))
    do {
      while !isCancelled(),
        let taken = try condenseOnce(.asked, budget, isCancelled: isCancelled, onReplaced: onReplaced),
        !left.isDisjoint(with: taken)
      {
        left.subtract(taken)
      }
    } catch let error as GitError where error.code == .cancelled {
      // The round that was under way is lost, those before it are not.
    }
  }

  /// One round; answers the packs that were condensed, nil when none were due.
  private func condenseOnce(
    _ occasion: CondensingPlan.Occasion, _ budget: CondensingBudget, isCancelled: @escaping () -> Bool,
    onReplaced: () throws -> Void
  ) throws -> [String]? {
    defer { maintenance.giveBack() }
    // Each time round something that cannot be read is left out.
    while let plan = try maintenance.claim(occasion, most: budget.roundBytes) {
      guard let sources = try maintenance.sources(plan) else { continue }
      do {
        try condense(plan, sources, isCancelled: isCancelled, onReplaced: onReplaced)
        return plan.names
      } catch let error as GitError where error.code == .damaged {
        guard maintenance.setAsideDamaged(plan, sources) else { throw error }
      }
    }
    return nil
  }

  private func condense(
    _ plan: CondensingPlan, _ sources: [PackSource], isCancelled: @escaping () -> Bool, onReplaced: () throws -> Void
  ) throws {
    let pack = try PackCondenser.condensed(
      sources, foundation: !plan.condensed.isEmpty,
      // What cannot be read serves for no delta, and that is all.
      elsewhere: { [objects] id in (try? objects.contentIfPresent(id)) ?? nil },
      like: { [objects] id in objects.likeness[id] }, isCancelled: isCancelled)
    try maintenance.replace(plan, by: pack) {
      try objects.withRepository { repository throws(GitError) in try repository.refreshObjects() }
    }
    try objects.reopen()
    try onReplaced()
  }
}
