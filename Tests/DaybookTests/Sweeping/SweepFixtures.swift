import Documents
import Storage
import Synchronization
import TestSupport

@testable import Daybook

/// A clock that stands still until a test moves it. It begins in 2096: the stores of tests are made by the system's clock,
/// and commits never go back in time.
final class TestClock: Sendable {
  private let now = Mutex<Int64>(4_000_000_000_000)

  var milliseconds: Int64 { now.withLock { $0 } }
  var clock: Clock { Clock { self.milliseconds } }
  /// As a document says it.
  func text(_ seconds: Int64 = 0) -> JSONValue {
    .string(Timestamp(milliseconds: milliseconds + seconds * 1_000).text)
  }

  func advance(milliseconds: Int64) { now.withLock { $0 += milliseconds } }
  func advance(seconds: Int64) { advance(milliseconds: seconds * 1_000) }
}

extension TemporaryStore {
  func open(_ clock: TestClock, onStep: @escaping @Sendable (WriteStep) -> Void = { _ in }) throws -> Store {
    try StoreOpening(root: path, options: options(onStep: onStep), fileSystem: LocalFileSystem(), clock: clock.clock)
      .open()
  }
}

extension Store {
  /// Sweeps all that is expired now; answers how many documents that was, commit by commit.
  @discardableResult
  func sweepAll() throws -> [Int] {
    var walk = parts.sweep.begin()
    var counts: [Int] = []
    while let step = try parts.sweep.step(&walk) { counts.append(step.documents) }
    return counts
  }

  func ids(_ collection: String) throws -> Set<String> {
    Set(try snapshot().query(Query(collection).limited(to: 10_000)).documents.map(\.address.id.text))
  }
}

/// Kinds whose documents expire: jobs 100 seconds after the time that they say, once they are done or failed; drafts an
/// hour after their last change.
enum ExpiringKinds {
  static let job = (
    name: "job",
    schema: kind("jobs", #"{"seconds": 100, "from": "/at", "when": {"/state": ["done", "failed"]}}"#, partition: "hash")
  )
  static let draft = (
    name: "draft",
    schema: kind("drafts", #"{"hours": 1}"#, series: #"{"lines": {"items": {"type": "object"}, "segment": 4}}"#)
  )
  static let all = [job, draft, SampleKinds.notes]

  static func kind(_ collection: String, _ ttl: String, partition: String = "flat", series: String = "{}") -> String {
    """
    {
      "$schema": "https://json-schema.org/draft/2020-12/schema",
      "type": "object",
      "x-daybook": { "collection": "\(collection)", "partition": "\(partition)", "ttl": \(ttl), "series": \(series) }
    }
    """
  }
}
