import Daybook
import Foundation
import Measuring

/// What Daybook is asked, each as one number: the other side of `SQLiteMeasurements` and `GitMeasurements`.
struct OurMeasurements {
  let path: String
  let documents: Int
  let workload: Workload
  let environment: [String: String]

  private static let batch = 1_000

  /// Makes a store with its first documents.
  init(folder: URL, name: String, documents: Int, workload: Workload) throws {
    path = folder.appending(path: name).path
    self.documents = documents
    self.workload = workload
    environment = ["HOME": folder.path, "XDG_CONFIG_HOME": folder.appending(path: "config").path]
    let options = options()
    let path = path
    _ = try blocking { try await Store.create(at: path, options: options, withTemplate: false) }
    try Self.keepOneIndex(path)
    try withStore { store in
      for start in stride(from: 0, to: documents, by: Self.batch) {
        try await store.transaction { transaction in
          for number in start..<min(start + Self.batch, documents) {
            let task = workload.task(number)
            try transaction.put("tasks/\(task.id)", text: try JSONText(parsing: task.text))
          }
        }
      }
      try await store.settle()
    }
  }

  /// The task kind with the one index that the peers have too, whatever those have that are shipped.
  private static func keepOneIndex(_ path: String) throws {
    let file = URL(filePath: "\(path)/schemas/task.schema.json")
    let schema = try JSONSerialization.jsonObject(with: Data(contentsOf: file), options: .mutableContainers)
    guard let root = schema as? NSMutableDictionary, let kind = root["x-daybook"] as? NSMutableDictionary else {
      return
    }
    kind["indexes"] = ["status": ["/status", "/updated_at"]]
    try JSONSerialization.data(withJSONObject: root, options: .prettyPrinted).write(to: file)
  }

  func options(cacheBytes: Int = 512 << 20) -> StoreOptions {
    StoreOptions(cacheBytes: cacheBytes, environment: environment, owner: "a benchmark")
  }

  /// Opens the store, measures, closes it.
  func withStore<Result: Sendable>(
    cacheBytes: Int = 512 << 20, _ body: @escaping @Sendable (Store) async throws -> Result
  ) throws -> Result {
    let (path, options) = (path, options(cacheBytes: cacheBytes))
    return try blocking {
      let store = try await Store.open(at: path, options: options)
      let result = try await body(store)
      try await store.close()
      return result
    }
  }

  // MARK: Writing

  /// Commits a second with so many writers at once, one document each, sustained: the archive runs all the while. Ends
  /// after so many seconds or with the last task.
  func puts(
    _ tasks: [Workload.Task], writers: Int, durability: Durability, seconds: Double
  ) throws -> Double {
    return try withStore { store in
      let clock = ContinuousClock()
      let (start, end) = (clock.now, clock.now + .seconds(seconds))
      let total = try await withThrowingTaskGroup(of: Int.self) { group in
        for writer in 0..<writers {
          group.addTask {
            var count = 0
            for place in stride(from: writer, to: tasks.count, by: writers) where clock.now < end {
              let task = tasks[place]
              try await store.transaction(durability: durability) {
                try $0.put("tasks/\(task.id)", text: try JSONText(parsing: task.text))
              }
              count += 1
            }
            return count
          }
        }
        return try await group.reduce(0, +)
      }
      return Double(total) / ((clock.now - start) / .seconds(1))
    }
  }

  /// The median time of one put, in microseconds.
  func putMicroseconds(count: Int, durability: Durability, round: Int) throws -> Double {
    let (workload, documents) = (workload, documents)
    return try withStore { store in
      let clock = ContinuousClock()
      var times: [Double] = []
      for place in 0..<count {
        let task = workload.task(place * 7_919 % documents, version: place + 1 + round * 1_000_000)
        let start = clock.now
        try await store.transaction(durability: durability) {
          try $0.put("tasks/\(task.id)", text: try JSONText(parsing: task.text))
        }
        times.append((clock.now - start) / .microseconds(1))
      }
      return Rounds.median(times) ?? 0
    }
  }

  /// What one update adds to the packs and their indexes, in bytes, after maintenance.
  func bytesPerUpdate(count: Int) throws -> Double {
    try condense()
    let before = try packBytes()
    let (workload, documents) = (workload, documents)
    try withStore { store in
      for place in 0..<count {
        let task = workload.task(place * 7_919 % documents, version: place + 50_000_000)
        try await store.transaction { try $0.put("tasks/\(task.id)", text: try JSONText(parsing: task.text)) }
      }
    }
    try condense()
    return Double(try packBytes() - before) / Double(count)
  }

  /// Makes the packs as small as they get; answers how many seconds that took.
  @discardableResult
  func condense() throws -> Double {
    try withStore { store in
      let clock = ContinuousClock()
      let start = clock.now
      try await store.condense()
      return (clock.now - start) / .seconds(1)
    }
  }

  func packBytes() throws -> Int {
    let packs = URL(filePath: path).appending(path: ".git/objects/pack")
    return try FileManager.default.contentsOfDirectory(atPath: packs.path).reduce(0) { sum, name in
      sum + (try FileManager.default.attributesOfItem(atPath: packs.appending(path: name).path)[.size] as? Int ?? 0)
    }
  }

  // MARK: Reading

  /// Reads of a cached document's bytes, a second.
  func reads(count: Int) throws -> Double {
    let addresses = (0..<1_000).map { "tasks/\(workload.task($0 * 97 % documents).id)" }
    return try withStore { store in
      let snapshot = store.snapshot()
      for address in addresses { _ = try snapshot.bytes(address) }
      var bytes = 0
      let seconds = try Rounds.seconds {
        for round in 0..<count { bytes += try snapshot.bytes(addresses[round % addresses.count])?.count ?? 0 }
      }
      precondition(bytes > count, "the documents are there")
      return Double(count) / seconds
    }
  }

  /// Lists of the 50 newest of a status with their texts, a second.
  func newest(count: Int) throws -> Double {
    try withStore { store in
      let snapshot = store.snapshot()
      func list(_ round: Int) throws -> Int {
        let status = Workload.statuses[round % Workload.statuses.count]
        let query = try Query("tasks").where("/status", .equals(.string(status)))
          .sorted(by: "/updated_at", .descending).limited(to: 50)
        return try snapshot.query(query).documents.count
      }
      for round in 0..<Workload.statuses.count { _ = try list(round) }
      let seconds = try Rounds.seconds {
        for round in 0..<count {
          let found = try list(round)
          precondition(found == 50, "there are enough of each status")
        }
      }
      return Double(count) / seconds
    }
  }

  /// How long the history of one document takes, in milliseconds.
  func historyMilliseconds(of id: String) throws -> Double {
    try withStore { store in
      let snapshot = store.snapshot()
      return try Rounds.seconds { _ = try snapshot.history(of: "tasks/\(id)", limit: 100_000) } * 1e3
    }
  }

  // MARK: Opening

  /// How long opening takes, in milliseconds.
  func openMilliseconds() throws -> Double {
    let (path, options) = (path, options())
    return try blocking {
      let clock = ContinuousClock()
      let start = clock.now
      let store = try await Store.open(at: path, options: options)
      let milliseconds = (clock.now - start) / .milliseconds(1)
      try await store.close()
      return milliseconds
    }
  }
}

/// Waits on the main thread, which no Swift task runs on, for what is asynchronous.
func blocking<Result: Sendable>(_ body: @escaping @Sendable () async throws -> Result) throws -> Result {
  let done = DispatchSemaphore(value: 0)
  let outcome = Outcome<Result>()
  Task.detached {
    do { outcome.set(.success(try await body())) } catch { outcome.set(.failure(error)) }
    done.signal()
  }
  done.wait()
  return try outcome.get()
}
