import Dispatch

/// When work that may be put off has to end.
struct Deadline: Sendable {
  private let time: DispatchTime?

  /// - Parameter duration: From now on; nil for never.
  init(after duration: Duration?) {
    time = duration.map { .now() + .milliseconds($0.milliseconds) }
  }

  static let never = Deadline(after: nil)

  var isOver: Bool { time.map { $0 <= .now() } ?? false }

  /// When half of the time that is left is over.
  var halfway: Deadline { millisecondsLeft.map { Deadline(after: .milliseconds($0 / 2)) } ?? .never }

  /// Nil without an end.
  var millisecondsLeft: Int? {
    guard let time else { return nil }
    let now = DispatchTime.now()
    return time > now ? Int(clamping: (time.uptimeNanoseconds - now.uptimeNanoseconds) / 1_000_000) : 0
  }
}
