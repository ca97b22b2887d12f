/// How far a reader is: it has seen the events of this sequence up to this place, and all before.
struct EventPosition: Comparable, Sendable {
  let sequence: UInt64
  /// The number of a change within its commit; the largest for behind all of them.
  let place: Int

  init(_ sequence: UInt64, place: Int) {
    self.sequence = sequence
    self.place = place
  }

  /// Behind all events of a sequence.
  init(after sequence: UInt64) { self.init(sequence, place: .max) }

  static func < (one: EventPosition, other: EventPosition) -> Bool {
    (one.sequence, one.place) < (other.sequence, other.place)
  }
}
