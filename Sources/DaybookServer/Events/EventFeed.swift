import Daybook
import Hummingbird
import NIOCore

/// Writes the events behind a position to one reader, until the reader goes or the service stops.
struct EventFeed: Sendable {
  let events: EventHub
  let filter: EventFilter
  /// Lets something be done when the client goes.
  let onHangUp: @Sendable (@escaping @Sendable () -> Void) -> Void
  let isStillAdmitted: @Sendable () -> Bool
  let start: EventPosition
  /// What is written before the first event.
  let greeting: ByteBuffer

  func write(to writer: inout any ResponseBodyWriter) async throws {
    let reader = events.join()
    defer { events.leave(reader) }
    onHangUp { [events] in events.leave(reader) }
    try await writer.write(greeting)
    var position = start
    var pastCommits = Limits.firstCaughtUpCommits
    var admission = Admission(doors: events.doors, isStillAdmitted: isStillAdmitted)
    while events.serves(reader), !Task.isCancelled, admission.holds(doors: events.doors) {
      switch events.events(behind: position) {
      case .events(let events):
        var page = EventPage(behind: position)
        _ = page.add(events, filter)
        position = try await write(page, to: &writer)
      case .older:
        let page = try await events.past(behind: position, for: reader, filter, reading: pastCommits)
        position = try await write(page, to: &writer)
        pastCommits = min(pastCommits * 2, Limits.caughtUpCommits)
      case .nothing(let newest):
        switch await events.news(behind: newest, for: reader, filter) {
        case .news(let next): position = max(newest, next)
        case .silence(let next, let id):
          position = max(newest, next)
          try await writer.write(next < newest ? Self.heartbeat : id.map(EventPage.mark) ?? Self.heartbeat)
        case .over: return
        }
      }
    }
  }

  private static let heartbeat = ByteBuffer(string: ": alive\n\n")

  private func write(_ page: EventPage, to writer: inout any ResponseBodyWriter) async throws -> EventPosition {
    if page.bytes.readableBytes > 0 { try await writer.write(page.bytes) }
    return page.end
  }
}

/// Whether what a reader came with still counts. That is looked at once in a while, and when something changed on which
/// it depends.
private struct Admission {
  private var doors: Int
  private var checked = ContinuousClock.now
  private let isStillAdmitted: @Sendable () -> Bool

  init(doors: Int, isStillAdmitted: @escaping @Sendable () -> Bool) {
    self.doors = doors
    self.isStillAdmitted = isStillAdmitted
  }

  mutating func holds(doors: Int) -> Bool {
    let now = ContinuousClock.now
    if doors == self.doors, now - checked < .seconds(Limits.admissionSeconds) { return true }
    self.doors = doors
    checked = now
    return isStillAdmitted()
  }
}
