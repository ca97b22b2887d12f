/// Decides when files that were seen changing are looked at. A value with times in milliseconds, from any clock that never
/// goes back.
///
/// Files are due together once nothing new was seen for a moment, so that several that are saved together become one
/// commit, and one that is written bit by bit is whole; at the latest some time after the first. A file that is missing then
/// is looked at again later: editors take a file away just before they put the new one there.
struct HandEditSchedule {
  private var seen: Set<String> = []
  private var firstSeen: UInt64 = 0
  private var lastSeen: UInt64 = 0
  /// When the absence of a file counts.
  private var missing: [String: UInt64] = [:]

  /// Files that may have changed.
  mutating func notice(_ paths: some Sequence<String>, at now: UInt64) {
    for path in paths {
      if seen.isEmpty { firstSeen = now }
      seen.insert(path)
      lastSeen = now
    }
  }

  /// Something else goes on that is to be over before files are looked at.
  mutating func postpone(at now: UInt64) {
    (firstSeen, lastSeen) = (now, now)
  }

  /// A file that is due was not there.
  mutating func noticeMissing(_ path: String, at now: UInt64) {
    if missing[path] == nil { missing[path] = now + UInt64(Limits.deletionGraceMilliseconds) }
  }

  /// A file that was missing is there again, or its absence was dealt with.
  mutating func forget(_ path: String) {
    missing[path] = nil
  }

  /// Whether the absence of this file counts by now.
  func isGone(_ path: String, at now: UInt64) -> Bool {
    missing[path].map { $0 <= now } ?? false
  }

  /// When to look next; nil when nothing was seen.
  var due: UInt64? { [seenDue, missing.values.min()].compactMap { $0 }.min() }

  private var seenDue: UInt64? {
    guard !seen.isEmpty else { return nil }
    return min(
      lastSeen + UInt64(Limits.handEditQuietMilliseconds), firstSeen + UInt64(Limits.handEditLatestMilliseconds))
  }

  /// The files to look at now; those that were seen count as looked at.
  mutating func takeDue(at now: UInt64) -> Set<String> {
    var due = Set(missing.filter { $0.value <= now }.keys)
    if let seenDue, seenDue <= now {
      due.formUnion(seen)
      seen = []
    }
    return due
  }

  /// When the absence of a file counts next.
  var deletionDue: UInt64? { missing.values.min() }

  /// Whether this file may have changed since it was looked at.
  func hasSeen(_ path: String) -> Bool { seen.contains(path) || missing[path] != nil }
}
