// A page in a file, all numbers little-endian:
//
//      0  length of all this      UInt32
//      4  count of keys           UInt16
//      6  length of the prefix    UInt16
//      8  for each key: offset, length of the suffix, length of the value, UInt16 each
//         the bytes of the page as they are, without garbage if they had any

extension BTreePage {
  private static let headerBytes = 8
  private static let slotBytes = 6

  /// Appends the page to a buffer.
  func encode(to buffer: inout [UInt8]) {
    var page = self
    if garbage > 0 { page.rebuild(prefixLength: prefixLength) }
    let start = Self.headerBytes + count * Self.slotBytes
    buffer.append(word: UInt32(start + page.bytes.count))
    buffer.append(word: UInt16(count))
    buffer.append(word: UInt16(prefixLength))
    for slot in page.slots {
      buffer.append(word: slot.offset)
      buffer.append(word: slot.suffixLength)
      buffer.append(word: slot.valueLength)
    }
    buffer.append(page.bytes.span)
  }

  /// Reads the page at the beginning of `input` and adds its length to `length`; nil when it is not one.
  ///
  /// The file may have been changed by anything, so nothing in it is believed that a later access would trip over.
  init?(decoding input: Span<UInt8>, length: inout Int) {
    guard input.count >= Self.headerBytes else { return nil }
    let total = Int(input.word(at: 0, as: UInt32.self))
    let count = Int(input.word(at: 4, as: UInt16.self))
    let start = Self.headerBytes + count * Self.slotBytes
    guard count > 0, total <= input.count, total >= start, total - start <= Int(UInt16.max) else { return nil }
    bytes = [UInt8](input.extracting(start..<total))
    prefixLength = Int(input.word(at: 6, as: UInt16.self))
    guard prefixLength <= bytes.count else { return nil }
    slots.reserveCapacity(count)
    var used = prefixLength
    for index in 0..<count {
      let field = Self.headerBytes + index * Self.slotBytes
      var slot = Slot(
        head: 0, offset: input.word(at: field), suffixLength: input.word(at: field + 2),
        valueLength: input.word(at: field + 4))
      guard slot.bytes.lowerBound >= prefixLength, slot.bytes.upperBound <= bytes.count else { return nil }
      slot.head = Self.head(of: bytes.span.extracting(slot.suffix))
      if let previous = slots.last, !isAscending(previous, slot) { return nil }
      used += slot.bytes.count
      slots.append(slot)
    }
    guard used == bytes.count else { return nil }
    length += total
  }

  private func isAscending(_ left: Slot, _ right: Slot) -> Bool {
    if left.head != right.head { return left.head < right.head }
    return bytes.span.extracting(left.suffix).compared(to: bytes.span.extracting(right.suffix)) < 0
  }
}
