import HTTPTypes
import Synchronization

/// What the service counts of its own doing. Written by every request, read when somebody asks for `/metrics`.
final class ServiceMetrics: Sendable {
  /// The upper bounds of the classes of durations, in seconds.
  static let bounds: [Double] = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10]

  /// The requests of one endpoint.
  struct Requests: Sendable {
    /// By the hundreds of their status.
    var byClass: [Int: Int] = [:]
    /// How many took at most as long as each bound, and no longer than the one before; the last ones took longer.
    var durations = [Int](repeating: 0, count: ServiceMetrics.bounds.count + 1)
    var seconds = 0.0
    /// Of their answers, streams aside.
    var answeredBytes = 0
  }

  let eventReaders = Seats(Limits.eventReaders, ofUser: Limits.eventReadersOfUser)
  private let requests = Mutex<[String: Requests]>([:])

  /// - Parameter endpoint: nil for a request that was turned away before it was known what it asks.
  func count(_ endpoint: Endpoint?, _ answer: Answer, _ duration: Duration) {
    let seconds = duration / .seconds(1)
    let place = Self.bounds.firstIndex { seconds <= $0 } ?? Self.bounds.count
    requests.withLock { requests in
      var counted = requests[endpoint?.name ?? "none"] ?? Requests()
      counted.byClass[answer.status.code / 100, default: 0] += 1
      counted.durations[place] += 1
      counted.seconds += seconds
      counted.answeredBytes += answer.bodyBytes ?? 0
      requests[endpoint?.name ?? "none"] = counted
    }
  }

  var byEndpoint: [(name: String, requests: Requests)] {
    requests.withLock { $0 }.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }
}
