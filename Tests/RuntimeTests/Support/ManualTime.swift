import Documents
import Synchronization

/// A time of day that a test moves by hand.
final class ManualTime: Sendable {
  private let milliseconds: Mutex<Int64>

  init(_ text: String = "2026-11-21T06:40:00Z") {
    milliseconds = Mutex(Timestamp(parsing: text)?.milliseconds ?? 0)
  }

  var now: Timestamp { Timestamp(milliseconds: milliseconds.withLock { $0 }) }

  func advance(bySeconds seconds: Int64) {
    milliseconds.withLock { $0 += seconds * 1_000 }
  }
}
