import Daybook
import DaybookRuntime
import HTTPTypes
import Synchronization

/// Which requests with an idempotency key were carried out, so that one that is sent again is answered and not done again.
///
/// The newest answers are kept as they were given. For older ones, and after a restart, the history is the record: a commit
/// names its request (`RequestName`), so it is as durable as what the request did. Here is only where to look for it: between
/// which sequences. So a key of the last day is known, of at least `Limits.knownRequests` requests.
///
/// | what is found | the request |
/// | --- | --- |
/// | nothing | is carried out |
/// | the same, which runs at this moment | is refused, to be sent again |
/// | the key with another content | is refused |
/// | an answer | gets it |
/// | a commit | gets what the endpoint makes of that |
///
/// A request that failed, or changed nothing, may be carried out again.
final class RequestTable: Sendable {
  /// What is known of a request before it is carried out.
  enum Start {
    /// It is new; it counts as running until `end`, and the store was at this sequence.
    case new(after: UInt64)
    case answered(Answer)
    case committed(CommitSummary)
  }

  private let store: Store
  private let state = Mutex(RequestRecord())
  /// Reads the history once, for all who wait for that.
  private let reading = Mutex<Task<Void, any Error>?>(nil)

  init(_ store: Store) { self.store = store }

  /// - Throws: a problem when the key stood for something else, or the request is being carried out at this moment.
  func begin(_ name: RequestName) async throws -> Start {
    try await readHistory()
    let (kept, range) = try state.withLock { state throws(Problem) in
      guard state.running.insert(name.key).inserted else {
        throw Problem(
          .conflict, code: .busy, "A request of this Idempotency-Key is being carried out.",
          hint: "Send it again later.")
      }
      return (state.answer(to: name.key, at: store.now), state.ranges[name.mark])
    }
    do {
      if let kept {
        try check(kept.content, name)
        leave(name)
        return .answered(kept.answer)
      }
      if let range, let (commit, content) = try commit(of: name.key, in: range) {
        try check(content, name)
        leave(name)
        return .committed(commit)
      }
    } catch {
      leave(name)
      throw error
    }
    return .new(after: store.snapshot().sequence)
  }

  /// - Parameters:
  ///   - start: the sequence before it.
  ///   - answer: nil when it failed: whether its commit was made all the same, the history tells.
  func end(_ name: RequestName, after start: UInt64, _ answer: Answer?) {
    let (end, now) = (store.snapshot().sequence, store.now)
    state.withLock { state in
      state.running.remove(name.key)
      if end > start { state.note(name.mark, start + 1...end) }
      if let answer { state.keep(answer, to: name, at: now) }
    }
  }

  private func leave(_ name: RequestName) { state.withLock { _ = $0.running.remove(name.key) } }

  private func check(_ content: String, _ name: RequestName) throws(Problem) {
    guard content != name.content else { return }
    throw Problem(
      .unprocessableContent, code: .usage, "This Idempotency-Key stood for another request.",
      hint: "Take a new key for each request.", pointer: Parameter.idempotencyKey.pointer)
  }

  // MARK: History

  private var yesterday: Timestamp {
    Timestamp(milliseconds: store.now.milliseconds - Limits.idempotencySeconds * 1_000)
  }

  /// The commit of a request, with what it asked; nil when there is none, or it is too long ago.
  private func commit(
    of key: String, in range: ClosedRange<UInt64>
  ) throws(StoreError) -> (commit: CommitSummary, content: String)? {
    let snapshot = store.snapshot()
    var end = range.upperBound + 1
    while end > range.lowerBound {
      let commits = try snapshot.commits(
        matching: CommitFilter(origin: .service, since: yesterday), before: end, limit: Limits.commitBatch)
      for commit in commits where range.contains(commit.sequence) {
        if let name = commit.request.flatMap({ RequestName(trailer: $0) }), name.key == key {
          return try isTakenBack(commit, in: snapshot) ? nil : (commit, name.content)
        }
      }
      guard let last = commits.last else { return nil }
      end = last.sequence
    }
    return nil
  }

  /// Whether the store has taken it back, since the hub had something else by then: the request failed.
  private func isTakenBack(_ commit: CommitSummary, in snapshot: Snapshot) throws(StoreError) -> Bool {
    var end: UInt64?
    while true {
      let commits = try snapshot.commits(
        matching: CommitFilter(origin: .store, since: yesterday), before: end, limit: Limits.commitBatch)
      if commits.contains(where: { $0.reference == .reverts(commit.commit) }) { return true }
      guard let last = commits.last, last.sequence > commit.sequence else { return false }
      end = last.sequence
    }
  }

  /// Once, when the first key comes: the requests of the last day.
  private func readHistory() async throws {
    let task = reading.withLock { reading in
      if let reading { return reading }
      let task = Task { try await Blocking.run { try self.readDay() } }
      reading = task
      return task
    }
    do {
      try await task.value
    } catch {
      // The next one tries again, once.
      reading.withLock { if $0 == task { $0 = nil } }
      throw error
    }
  }

  private func readDay() throws(StoreError) {
    let snapshot = store.snapshot()
    let since = yesterday
    var found: [(mark: UInt64, sequence: UInt64)] = []
    var end: UInt64?
    while found.count < Limits.knownRequests {
      let commits = try snapshot.commits(
        matching: CommitFilter(origin: .service, since: since), before: end, limit: Limits.commitBatch)
      found += commits.compactMap { commit in
        commit.request.flatMap { RequestName(trailer: $0) }.map { ($0.mark, commit.sequence) }
      }
      guard let last = commits.last else { break }
      end = last.sequence
    }
    state.withLock { state in
      for (mark, sequence) in found.reversed() where state.ranges[mark] == nil { state.note(mark, sequence...sequence) }
    }
  }
}
