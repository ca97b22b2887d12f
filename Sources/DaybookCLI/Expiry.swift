import ArgumentParser
import Daybook
import Documents

/// When something ends, as it is typed: a span from now, such as `30d`, or a time in UTC, such as `2027-01-01`.
enum Expiry: ExpressibleByArgument {
  case after(Duration)
  case at(Timestamp)

  init?(argument: String) {
    if let span = TimeSpan(argument: argument) {
      self = .after(span.duration)
    } else if let time = (try? Point(parsing: argument))?.time {
      self = .at(time)
    } else {
      return nil
    }
  }

  /// - Throws: `.usage` for one that is over.
  func moment(after now: Timestamp) throws(StoreError) -> Timestamp {
    let moment =
      switch self {
      case .after(let span):
        Timestamp(milliseconds: now.milliseconds + Int64(min(span, Self.longest) / .milliseconds(1)))
      case .at(let time): time
      }
    guard moment > now else { throw StoreError(.usage, "\(moment) is over already; nothing was done.") }
    return moment
  }

  /// Longer than there are times.
  private static let longest = Duration.seconds(10_000 * 366 * 86_400)
}
