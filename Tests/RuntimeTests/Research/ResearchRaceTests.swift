import Daybook
import Documents
import TestSupport
import Testing

@testable import DaybookRuntime

/// Several at one research task at once, and clients that come back to one.
struct ResearchRaceTests {
  private let temporary: TemporaryStore
  private let store: Store
  private let research: Research
  /// Another one on the same store, which knows nothing of the first one's turns.
  private let other: Research
  private let ann = Caller(user: "ann", author: Author(name: "Ann", email: "ann@example.org"))

  init() throws {
    temporary = try TemporaryStore()
    store = try temporary.open()
    research = Research(store)
    other = Research(store)
  }

  private func running() async throws -> String {
    let id = try await research.create(query: "q", for: ann).address.id.text
    try await research.start(id, for: ann)
    return id
  }

  @Test func ofManyWhoStartATaskAtOnceOneDoes() async throws {
    let id = try await research.create(query: "q", for: ann).address.id.text
    let winners = await withTaskGroup(of: Bool.self) { group in
      for number in 0..<16 {
        group.addTask { (try? await (number.isMultiple(of: 2) ? research : other).start(id, for: ann)) != nil }
      }
      return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
    }
    #expect(winners == 1)
    try await store.close()
  }

  @Test func nothingIsLostWhenManyAppendAtOnce() async throws {
    let id = try await running()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for writer in 0..<8 {
        group.addTask {
          for number in 0..<10 {
            let item: JSONValue = ["title": .string("\(writer).\(number)")]
            let research = writer.isMultiple(of: 2) ? research : other
            try await research.append(ResearchItems(steps: [item], panels: [item]), to: id, for: ann)
          }
        }
      }
      try await group.waitForAll()
    }
    let state = try research.state(id, for: ann)
    let titles = state.steps.items.compactMap { $0.object?["title"]?.string }
    #expect(titles.count == 80 && Set(titles).count == 80)
    #expect(state.document.root["step_count"]?.integer == 80)
    #expect(state.document.root["panel_count"]?.integer == 80)
    for writer in 0..<8 {
      #expect(titles.filter { $0.hasPrefix("\(writer).") } == (0..<10).map { "\(writer).\($0)" })
    }
    try await store.close()
  }

  @Test func nothingIsAddedOnceATaskIsCancelled() async throws {
    for _ in 0..<10 {
      let id = try await running()
      let (cancelled, appended) = try await withThrowingTaskGroup(of: UInt64.self) { group in
        for _ in 0..<4 {
          group.addTask {
            var last: UInt64 = 0
            // Ends with the refusal that the cancelling brings.
            while let task = try? await research.append(ResearchItems(steps: [[:]]), to: id, for: ann) {
              if task.root["status"]?.string == "running" { last = max(last, task.sequence) }
            }
            return last
          }
        }
        try await Task.sleep(for: .milliseconds(5))
        let cancelled = try await research.cancel(id, for: ann).sequence
        return (cancelled, try await group.reduce(0, max))
      }
      #expect(appended < cancelled)
      let task = try research.document(id, for: ann)
      #expect(task.sequence == cancelled, "something came behind the cancelling")
      #expect(try task.root["step_count"]?.integer ?? 0 == store.snapshot().seriesCount("steps", of: "\(task.address)"))
    }
    try await store.close()
  }

  /// What a client has that loads the state, is told of changes, loses its connection and goes on from the last one.
  @Test func aClientThatComesBackMissesNothingAndSeesNothingTwice() async throws {
    let id = try await running()
    let writer = Task {
      for number in 0..<60 {
        try await research.append(ResearchItems(steps: [["title": .string("\(number)")]]), to: id, for: ann)
      }
      try await research.complete(id, for: ann)
    }
    let seen = try research.state(id, for: ann)
    var commits: [UInt64] = []
    var isDone = false
    while !isDone {
      // A connection that breaks after a few changes.
      var told = 0
      for try await change in store.changes(after: commits.last ?? seen.sequence) {
        #expect(change.commit.sequence > seen.sequence)
        if commits.last != change.commit.sequence { commits.append(change.commit.sequence) }
        told += 1
        // Each commit changes the document and a segment; a connection may break between the two.
        isDone = try research.document(id, for: ann).root["status"]?.string == "completed"
        if told >= 7 || isDone { break }
      }
    }
    try await writer.value
    let last = try research.state(id, for: ann)
    #expect(last.steps.items.count == 60)
    // Each sequence behind the state's is a commit of this task, as nobody else writes.
    #expect(commits == Array((seen.sequence + 1)...(commits.last ?? 0)))
    #expect(last.sequence == store.snapshot().sequence)
    try await store.close()
  }

  @Test func theStatusesFollowEachOtherAsTheMachineSays() async throws {
    var random = RepeatableRandom(seed: 42)
    let id = try await research.create(query: "q", for: ann).address.id.text
    var status = ResearchStatus.planned
    for step in 0..<120 {
      let next = ResearchStatus.allCases.randomElement(using: &random) ?? .running
      let isAllowed: Bool =
        switch (status, next) {
        case (.planned, .running), (.planned, .failed), (.planned, .cancelled): true
        case (.running, .completed), (.running, .failed), (.running, .cancelled): true
        case (.completed, .running), (.failed, .running), (.cancelled, .running): true
        default: false
        }
      var wasAllowed = true
      do {
        switch next {
        case .planned: throw StoreError(.conflict, "There is no way back to the plan.")
        case .running where status == .planned: try await research.start(id, for: ann)
        case .running: try await research.reopen(id, for: ann)
        case .completed: try await research.complete(id, for: ann)
        case .failed: try await research.fail(id, error: "e", for: ann)
        case .cancelled: try await research.cancel(id, for: ann)
        }
      } catch let error as StoreError where error.code == .conflict {
        wasAllowed = false
      }
      #expect(wasAllowed == isAllowed, "step \(step): \(status) to \(next)")
      if isAllowed { status = next }
      let task = try research.document(id, for: ann)
      #expect(task.root["status"]?.string == status.rawValue, "step \(step)")
      #expect((task.root["finished_at"]?.string != nil) == status.isFinished, "step \(step)")
    }
    try await store.close()
  }
}
