// The tape: every value of a text in the order in which they begin, keys included.
//
//   {"a": [1, 2]}   →   object(next 5, count 1)  key "a"  array(next 5, count 2)  1  2
//
// A value's children follow it directly, so the first child of node n is n + 1 and the next sibling of a node is its
// `next`. In an object, keys and values alternate. Nothing is decoded: a node only says which bytes it stands for.

/// One value, or one key, of a text.
struct JSONTapeNode: Sendable {
  /// The bytes of the value, quotes and brackets included.
  var start: UInt32
  var end: UInt32
  /// Where on the tape the value that follows this subtree lies.
  var next: UInt32
  private var bits: UInt32

  init(_ kind: JSONNode.Kind, start: Int, end: Int, next: Int, flagged: Bool = false) {
    self.start = UInt32(truncatingIfNeeded: start)
    self.end = UInt32(truncatingIfNeeded: end)
    self.next = UInt32(truncatingIfNeeded: next)
    self.bits = UInt32(kind.rawValue) | (flagged ? Self.flag : 0)
  }

  var kind: JSONNode.Kind { JSONNode.Kind(rawValue: UInt8(bits & Self.kindMask)) ?? .null }

  /// For a string: it holds an escape. For a bool: it is true.
  var isFlagged: Bool { bits & Self.flag != 0 }

  /// The members of an object or the elements of an array.
  var count: Int { Int(bits >> Self.countShift) }

  var range: Range<Int> { Int(start)..<Int(end) }

  /// Completes a container, whose end and children are known last.
  mutating func close(end: Int, next: Int, count: Int) {
    self.end = UInt32(truncatingIfNeeded: end)
    self.next = UInt32(truncatingIfNeeded: next)
    bits |= UInt32(truncatingIfNeeded: count) << Self.countShift
  }

  private static let kindMask: UInt32 = 0b0111
  private static let flag: UInt32 = 0b1000
  /// Leaves 28 bits, twice what `JSONLimits.ceiling` lets a text contain.
  private static let countShift: UInt32 = 4
}
