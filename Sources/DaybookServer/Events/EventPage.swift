import Daybook
import NIOCore

/// What is written to a reader at once, and how far it has come with it.
struct EventPage: Sendable {
  private(set) var bytes = ByteBuffer()
  private(set) var end: EventPosition
  private var isFull: Bool { bytes.readableBytes >= Limits.eventBatchBytes }

  init(behind start: EventPosition) {
    end = start
  }

  /// Adds events in their order, until there are enough.
  ///
  /// - Returns: whether all were taken.
  mutating func add(_ events: [Event], _ filter: EventFilter) -> Bool {
    for event in events where end < event.position {
      if isFull { return false }
      end = event.position
      if filter.admits(event) { bytes.writeImmutableBuffer(filter.bytes(of: event)) }
    }
    return true
  }

  /// The next page of the history behind a position: until enough was found, or looked at. The reader learns how far it
  /// has come also when nothing was for it, so that nobody reads the same again.
  ///
  /// - Parameters:
  ///   - limit: how many commits are read at most.
  ///   - isWanted: asked before each of them.
  static func past(
    behind start: EventPosition, _ filter: EventFilter, in snapshot: Snapshot, reading limit: Int,
    while isWanted: () -> Bool
  ) -> EventPage {
    var page = EventPage(behind: start)
    // The commit in which the reader was cut off is read again from its first change.
    let before = start.place == .max ? start.sequence : max(start.sequence, 1) - 1
    let maker = EventMaker(snapshot: snapshot)
    var last: EventID?
    for (sequence, commit) in snapshot.commitIDs(after: before, limit: limit) {
      guard isWanted() else { return page }
      let id = EventID(sequence: sequence, commit: commit.short)
      guard page.add(maker.events(of: id), filter) else { return page }
      page.end = EventPosition(after: sequence)
      last = id
    }
    if let last, page.bytes.readableBytes == 0 { page.bytes = mark(last) }
    return page
  }

  /// An id without an event: a reader that is cut off goes on behind it.
  static func mark(_ id: EventID) -> ByteBuffer { ByteBuffer(string: "id: \(id)\n: alive\n\n") }
}
