import Daybook
import Foundation
import Measuring

/// What a long history is asked, and taken back: the other side of `GitPastMeasurements`. All times are in milliseconds
/// and end when the answer is there, or the commit durable; printing is left out.
struct PastMeasurements {
  let store: OurMeasurements
  /// How many commits come after the first documents.
  let commits: Int
  /// The document that is asked for.
  let address: String

  private static let writers = 64
  /// One commit in so many changes the document that is asked for.
  static let share = 500

  init(folder: URL, documents: Int, commits: Int, workload: Workload) throws {
    store = try OurMeasurements(folder: folder, name: "past", documents: documents, workload: workload)
    self.commits = commits
    address = "tasks/\(workload.task(0).id)"
    let tasks = (0..<commits).map { place in
      workload.task(place % Self.share == 0 ? 0 : 1 + place * 7_919 % (documents - 1), version: place + 1)
    }
    _ = try store.puts(tasks, writers: Self.writers, durability: .memory, seconds: 3_600)
    try store.condense()
  }

  /// Where the document is in the repository.
  var path: String { "tasks/\(store.workload.task(0).path.dropFirst(6))" }

  func logMilliseconds() throws -> Double {
    let address = address
    return try milliseconds { snapshot in
      _ = try snapshot.history(of: address, limit: .max)
    }
  }

  func blameMilliseconds() throws -> Double {
    let address = address
    return try milliseconds { snapshot in
      _ = try snapshot.blame(address)
    }
  }

  /// All that differs between the two halves of the history, for one document.
  func differenceMilliseconds() throws -> Double {
    let (address, middle) = (address, UInt64(commits / 2))
    return try milliseconds { snapshot in
      for change in try snapshot.changes(from: .sequence(middle), to: .newest, of: address) {
        _ = try snapshot.difference(change)
      }
    }
  }

  /// As it was at a time in the middle.
  func pastMilliseconds() throws -> Double {
    let (address, middle) = (address, UInt64(commits / 2))
    return try milliseconds { snapshot in
      let seconds = try snapshot.commit(at: .sequence(middle)).seconds
      _ = try snapshot.past(at: .time(Timestamp(milliseconds: seconds * 1_000))).document(address)
    }
  }

  func revertMilliseconds() throws -> Double {
    try milliseconds { store in
      let plan = try store.snapshot().planRevert(of: .newest)
      try await store.transaction { try $0.apply(plan) }
    }
  }

  func undoMilliseconds() throws -> Double {
    let address = address
    return try store.withStore { store in
      try await store.transaction { try $0.patch(address, merging: ["message": "to be undone"]) }
      let clock = ContinuousClock()
      let start = clock.now
      let author = Author(name: "daybook", email: "daybook@localhost")
      let plan = try store.snapshot().planUndo(by: author, origin: .library)
      try await store.transaction { try $0.apply(plan) }
      return (clock.now - start) / .milliseconds(1)
    }
  }

  /// Brings so many documents back that one commit each had changed.
  func rollbackMilliseconds(documents: Int, round: Int) throws -> Double {
    let workload = store.workload
    let count = store.documents
    return try store.withStore { store in
      let point = Point.sequence(store.snapshot().sequence)
      for start in stride(from: 0, to: documents, by: 1_000) {
        try await store.transaction { transaction in
          for place in start..<min(start + 1_000, documents) {
            let task = workload.task(place * 7_919 % count, version: 100_000_000 + round * documents + place)
            try transaction.put("tasks/\(task.id)", text: try JSONText(parsing: task.text))
          }
        }
      }
      try await store.settle()
      let clock = ContinuousClock()
      let start = clock.now
      let plan = try store.snapshot().planRollback(to: point)
      precondition(plan.documents.count > documents * 9 / 10, "the documents were changed")
      try await store.transaction { try $0.apply(plan) }
      return (clock.now - start) / .milliseconds(1)
    }
  }

  private func milliseconds(_ body: @escaping @Sendable (Snapshot) throws -> Void) throws -> Double {
    try store.withStore { store in
      let snapshot = store.snapshot()
      return try Rounds.seconds { try body(snapshot) } * 1e3
    }
  }

  private func milliseconds(_ body: @escaping @Sendable (Store) async throws -> Void) throws -> Double {
    try store.withStore { store in
      let clock = ContinuousClock()
      let start = clock.now
      try await body(store)
      return (clock.now - start) / .milliseconds(1)
    }
  }
}
