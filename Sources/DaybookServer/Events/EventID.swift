import Daybook

/// The id of an event, by which a reader goes on behind it: `4711-8f3c2d1a90` for the last change of a commit, and
/// `4711-8f3c2d1a90.0` for the first of several, `.1` for the second. So a reader that was cut off within a commit gets the
/// rest of it, and nothing twice.
struct EventID: Equatable, CustomStringConvertible {
  let sequence: UInt64
  /// What the commit's id begins with: it tells an id of another history from one of this. Nil for a bare sequence.
  let commit: String?
  /// The number of the change within its commit; nil for the last.
  let place: Int?

  init(sequence: UInt64, commit: String? = nil, place: Int? = nil) {
    self.sequence = sequence
    self.commit = commit
    self.place = place
  }

  /// Nil for what is no id.
  init?(_ text: String) {
    let parts = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
    guard let sequence = UInt64(parts[0]) else { return nil }
    guard parts.count == 2 else {
      self.init(sequence: sequence)
      return
    }
    // Nothing was committed at 0.
    guard sequence > 0 else { return nil }
    let tail = parts[1].split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    guard tail[0].utf8.count >= 4, tail[0].allSatisfy({ $0.isHexDigit && !$0.isUppercase }) else { return nil }
    let place = tail.count == 2 ? Int(tail[1]) : nil
    if tail.count == 2, (place ?? -1) < 0 { return nil }
    self.init(sequence: sequence, commit: String(tail[0]), place: place)
  }

  var description: String {
    let commit = commit.map { "-\($0)" } ?? ""
    return "\(sequence)\(commit)\(place.map { ".\($0)" } ?? "")"
  }
}
