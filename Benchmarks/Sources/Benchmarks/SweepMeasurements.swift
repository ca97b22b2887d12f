import Daybook
import Foundation
import Measuring

/// What it costs to let documents expire: looking for them, taking them out of the tree, and writing meanwhile.
struct SweepMeasurements {
  private let path: String
  private let options: StoreOptions
  private let documents: Int

  private static let batch = 1_000
  private static let never = "2999-01-01T00:00:00Z"
  private static let longAgo = "2020-01-01T00:00:00Z"
  private static let schema = """
    {
      "$schema": "https://json-schema.org/draft/2020-12/schema",
      "type": "object",
      "x-daybook": { "collection": "scraps", "partition": "hash", "ttl": { "days": 1, "from": "/at" } }
    }
    """

  /// Makes a store with documents that expire one day.
  init(folder: URL, documents: Int) throws {
    let path = folder.appending(path: "sweep").path
    var options = StoreOptions(
      environment: ["HOME": folder.path, "XDG_CONFIG_HOME": folder.appending(path: "config").path], owner: "a benchmark"
    )
    options.sweepInterval = nil
    (self.path, self.options, self.documents) = (path, options, documents)
    let created = options
    _ = try blocking { try await Store.create(at: path, options: created, withTemplate: false) }
    try Data(Self.schema.utf8).write(to: URL(filePath: "\(path)/schemas/scrap.schema.json"))
    try put(at: Self.never)
  }

  /// Finds out that there is nothing to do.
  func lookMilliseconds() throws -> Double {
    try withStore { store in
      try await store.maintain()
      return try await Self.milliseconds { try await store.maintain(within: .zero) }
    }
  }

  /// How many documents a second leave the tree, with the packs that come of it condensed in the end.
  func sweptDocuments() throws -> Double {
    // What the rounds before left behind is not counted.
    try withStore { store in try await store.maintain() }
    try put(at: Self.longAgo)
    let documents = documents
    return try withStore { store in
      try await store.condense()
      let milliseconds = try await Self.milliseconds {
        let report = try await store.maintain()
        precondition(report.swept.map(\.count) == [documents], "all are swept")
      }
      return Double(documents) * 1_000 / milliseconds
    }
  }

  /// The median of a durable put, with or without the sweeper at work all the while.
  func putMicroseconds(count: Int, besideSweeper: Bool) throws -> Double {
    try put(at: besideSweeper ? Self.longAgo : Self.never)
    return try withStore(sweepInterval: besideSweeper ? .milliseconds(1) : nil) { store in
      let clock = ContinuousClock()
      var times: [Double] = []
      for place in 0..<count {
        let start = clock.now
        try await store.transaction { try $0.put("profiles/llm/one", Self.profile(place)) }
        times.append((clock.now - start) / .microseconds(1))
      }
      return Rounds.median(times) ?? 0
    }
  }

  private static func profile(_ number: Int) -> JSONValue {
    ["name": "one", "provider": "openai", "model": .string("m\(number)")]
  }

  /// Under new ids each time: a document that comes back lives its whole time once more.
  private func put(at time: String) throws {
    let documents = documents
    let round = UInt32.random(in: .min ... .max)
    try withStore { store in
      for start in stride(from: 0, to: documents, by: Self.batch) {
        try await store.transaction { transaction in
          for number in start..<min(start + Self.batch, documents) {
            try transaction.put(
              "scraps/s\(round)-\(number)", ["number": .number(JSONNumber(number)), "at": .string(time)])
          }
        }
      }
      try await store.settle()
    }
  }

  private static func milliseconds(_ body: () async throws -> Void) async throws -> Double {
    let clock = ContinuousClock()
    let start = clock.now
    try await body()
    return (clock.now - start) / .milliseconds(1)
  }

  private func withStore<Result: Sendable>(
    sweepInterval: Duration? = nil, _ body: @escaping @Sendable (Store) async throws -> Result
  ) throws -> Result {
    var options = options
    options.sweepInterval = sweepInterval
    let (path, opened) = (path, options)
    return try blocking {
      let store = try await Store.open(at: path, options: opened)
      let result = try await body(store)
      try await store.close()
      return result
    }
  }
}

extension Benchmarks {
  func sweeping() throws {
    let documents = quick ? 20_000 : 100_000
    let sweep = try SweepMeasurements(folder: folder, documents: documents)
    try report.add(
      Row(
        name: "maintenance of \(documents) documents, nothing to do", ours: try sweep.lookMilliseconds(), peer: nil,
        unit: "ms", goal: .none))
    try row("durable put beside the sweeper; without it", "µs", .none) { _ in
      try sweep.putMicroseconds(count: 2_000, besideSweeper: true)
    } peer: { _ in
      try sweep.putMicroseconds(count: 2_000, besideSweeper: false)
    }
    try report.add(
      Row(
        name: "sweep \(documents) documents, and condense", ours: try sweep.sweptDocuments(), peer: nil,
        unit: "documents/s", goal: .none))
  }
}
