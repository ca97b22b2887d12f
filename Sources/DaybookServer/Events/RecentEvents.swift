import Daybook

/// The newest events, in their order, in a bounded part of the memory. A value.
struct RecentEvents {
  enum Found {
    case events([Event])
    /// There is nothing newer yet; the reader has seen all up to here.
    case nothing(EventPosition)
    /// It is older than what is kept: only the history has it.
    case older
  }

  private var events: [Event] = []
  private var weight = 0
  /// Everything behind this position that has happened is here.
  private var start: EventPosition
  /// The newest commit whose events were made; nil before the first one.
  private(set) var newest: EventID?

  /// - Parameter newest: what happened up to it is not kept.
  init(after newest: EventID?) {
    start = EventPosition(after: newest?.sequence ?? 0)
    self.newest = newest
  }

  /// Behind all that was made.
  var end: EventPosition { EventPosition(after: newest?.sequence ?? 0) }

  /// The next events behind a position, not too many at once.
  func events(behind position: EventPosition) -> Found {
    if position < start { return .older }
    let first = events.partitioningIndex { position < $0.position }
    // Commits without changes have no events.
    if first == events.count { return .nothing(max(position, end)) }
    return .events(Array(events[first...].prefix(Limits.eventBatch)))
  }

  mutating func add(_ new: [Event], of commit: EventID) {
    events += new
    weight += new.reduce(0) { $0 + $1.weight }
    newest = commit
    guard events.count > Limits.recentEvents || weight > Limits.recentEventBytes else { return }
    var dropped = 0
    while events.count - dropped > Limits.recentEvents / 2 || weight > Limits.recentEventBytes / 2 {
      weight -= events[dropped].weight
      dropped += 1
    }
    start = events[dropped - 1].position
    events.removeFirst(dropped)
  }
}

extension Array {
  /// The first place from which on a condition holds, in an array where it holds for all that follow.
  fileprivate func partitioningIndex(where holds: (Element) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if holds(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
