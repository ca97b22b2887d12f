/// A sorted run of keys with values, packed into one buffer: what a leaf holds, and with empty values the separators of an
/// inner node.
///
///     bytes   prefix | suffix value | suffix value | … in any order, with gaps where something was removed
///     slots   for each key in order: where its suffix and value lie, and the first four bytes of the suffix
///
/// The prefix is common to all keys and stored once. A search compares it once, then the heads in the slots, which lie side
/// by side, and touches the suffixes only where heads are equal. A page costs twelve bytes for each key, besides its
/// suffix and value and the room that is not yet used.
///
/// Invariants: the keys ascend; the slots lie within the bytes; `garbage` counts the bytes that belong to no slot.
struct BTreePage: Sendable {
  struct Slot: Sendable {
    /// The first four bytes of the suffix as a big-endian number, zeros where it is shorter.
    var head: UInt32
    var offset: UInt16
    var suffixLength: UInt16
    var valueLength: UInt16

    var suffix: Range<Int> { Int(offset)..<Int(offset) + Int(suffixLength) }
    var value: Range<Int> { suffix.upperBound..<suffix.upperBound + Int(valueLength) }
    var bytes: Range<Int> { suffix.lowerBound..<value.upperBound }
  }

  var slots: [Slot] = []
  var bytes: [UInt8] = []
  var prefixLength = 0
  /// How many of the bytes nothing refers to.
  var garbage = 0

  var count: Int { slots.count }
  var isEmpty: Bool { slots.isEmpty }

  func key(at index: Int) -> [UInt8] {
    var key: [UInt8] = []
    appendKey(at: index, to: &key)
    return key
  }

  /// Appends a key to a buffer, which costs no allocation when that has room.
  func appendKey(at index: Int, to buffer: inout [UInt8]) {
    buffer.append(bytes.span.extracting(first: prefixLength))
    buffer.append(bytes.span.extracting(slots[index].suffix))
  }

  func value(at index: Int) -> [UInt8] {
    [UInt8](bytes.span.extracting(slots[index].value))
  }

  /// Where a key is, or where it would have to be inserted.
  func find(_ key: Span<UInt8>) -> (index: Int, isFound: Bool) {
    Self.find(key, slots.span, bytes.span, prefixLength: prefixLength)
  }

  static func find(
    _ key: Span<UInt8>, _ slots: Span<Slot>, _ bytes: Span<UInt8>, prefixLength: Int
  ) -> (index: Int, isFound: Bool) {
    if prefixLength > 0 {
      let order = key.extracting(first: min(prefixLength, key.count)).compared(
        to: bytes.extracting(first: prefixLength))
      if order != 0 { return (order < 0 ? 0 : slots.count, false) }
    }
    let suffix = key.extracting(droppingFirst: prefixLength)
    let head = Self.head(of: suffix)
    var low = 0
    var high = slots.count
    while low < high {
      let middle = (low + high) / 2
      let slot = slots[middle]
      var order = head == slot.head ? 0 : head < slot.head ? -1 : 1
      if order == 0 { order = suffix.compared(to: bytes.extracting(slot.suffix)) }
      if order == 0 { return (middle, true) }
      if order < 0 { high = middle } else { low = middle + 1 }
    }
    return (low, false)
  }

  @inline(__always)
  static func head(of suffix: Span<UInt8>) -> UInt32 {
    if suffix.count >= 4 { return suffix.word(at: 0, as: UInt32.self).byteSwapped }
    var head: UInt32 = 0
    for index in 0..<suffix.count { head |= UInt32(suffix[index]) << (24 - 8 * UInt32(index)) }
    return head
  }
}

// MARK: How full a page is

extension BTreePage {
  /// A page holds at most this many bytes, unless a single key with its value is longer.
  #if DEBUG
    static let byteLimit = 4096
    /// Tiny in debug builds, so that small tests reach deep trees.
    static let countLimit = 4
  #else
    static let byteLimit = 4096
    static let countLimit = 1024
  #endif

  /// What the page needs, slots included and garbage not.
  var usedBytes: Int { bytes.count - garbage + count * MemoryLayout<Slot>.stride }

  var isOverfull: Bool { count > 1 && (usedBytes > Self.byteLimit || count > Self.countLimit) }

  /// Whether the page should be merged with a neighbour.
  var isUnderfull: Bool { usedBytes < Self.byteLimit / 4 && count <= Self.countLimit / 4 }
}
