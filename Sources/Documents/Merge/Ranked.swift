/// One side of a merge, with what decides which side ranks first: the later one, and of two of the same moment the one
/// whose name sorts last.
///
/// Ranks come from what all machines know alike, such as a commit's time and id, so that each of them ranks the same
/// side first. Sides that are not the same must not have the same rank.
package struct Ranked<Value: Sendable>: Sendable {
  package let value: Value
  /// When the side was changed last.
  package let time: Timestamp
  /// Tells sides of the same moment apart.
  package let name: String

  package init(_ value: Value, at time: Timestamp, name: String) {
    (self.value, self.time, self.name) = (value, time, name)
  }

  /// The values of both, that which ranks first before the other.
  package static func inOrder(_ one: Ranked, _ other: Ranked) -> (first: Value, second: Value) {
    one.ranks(before: other) ? (one.value, other.value) : (other.value, one.value)
  }

  private func ranks(before other: Ranked) -> Bool {
    if time != other.time { return time > other.time }
    return other.name.utf8.lexicographicallyPrecedes(name.utf8)
  }
}
