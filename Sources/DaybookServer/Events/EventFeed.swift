import Daybook
import Hummingbird
import NIOCore

/// Writes the events behind a position to one reader, until the reader goes or the service stops.
struct EventFeed: Sendable {
  let rooms: Rooms
  let filter: EventFilter
  /// Asked before anything is written.
  let isStillAdmitted: @Sendable () -> Bool
  let start: EventHub.Position
  /// What is written before the first event.
  let greeting: ByteBuffer

  func write(to writer: inout any ResponseBodyWriter) async throws {
    try await writer.write(greeting)
    var position = start
    while !rooms.events.isClosed, isStillAdmitted() {
      switch rooms.events.events(behind: position) {
      case .events(let events):
        if let last = events.last { position = EventHub.Position(of: last) }
        try await write(events, to: &writer)
      case .older:
        position = try await catchUp(from: position, &writer)
      case .nothing(let newest):
        position = newest
        await rooms.events.somethingNew(behind: position)
        if case .nothing = rooms.events.events(behind: position), isStillAdmitted() {
          try await writer.write(Self.heartbeat)
        }
      }
    }
  }

  private static let heartbeat = ByteBuffer(string: ": alive\n\n")

  /// Reads the history until the newest events reach far enough back.
  private func catchUp(
    from start: EventHub.Position, _ writer: inout any ResponseBodyWriter
  ) async throws -> EventHub.Position {
    // The commit in which the reader was cut off is read again from its first change.
    let sequence = start.place == .max ? start.sequence : start.sequence - 1
    var commits = rooms.store.changes(after: sequence).makeAsyncIterator()
    var position = start
    while isStillAdmitted(), case .older = rooms.events.events(behind: position) {
      guard let changes = try await commits.nextCommit() else { return position }
      let events = try EventMaker(snapshot: rooms.store.snapshot()).events(of: changes)
      try await write(events.filter { start < EventHub.Position(of: $0) }, to: &writer)
      position = EventHub.Position(after: commits.sequence)
    }
    return position
  }

  private func write(_ events: [Event], to writer: inout any ResponseBodyWriter) async throws {
    var bytes = ByteBuffer()
    for event in events where filter.admits(event) { bytes.writeImmutableBuffer(event.bytes) }
    if bytes.readableBytes > 0 { try await writer.write(bytes) }
  }
}
