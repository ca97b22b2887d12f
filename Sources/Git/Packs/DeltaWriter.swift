/// Spells a delta, instruction by instruction. Copies that go on where the last one ended become one.
struct DeltaWriter {
  /// The most bytes that one instruction can take. Pack format 2 has three bytes for a copy's size; Git itself keeps to
  /// two, and so do we, as some readers know no third.
  private static let maximumCopy = 0x1_0000
  private static let maximumInsert = 127

  private var delta: [UInt8] = []
  private var offset = 0
  private var count = 0

  init(sourceCount: Int, targetCount: Int) {
    appendSize(sourceCount)
    appendSize(targetCount)
  }

  /// About how long the delta is so far.
  var byteCount: Int { delta.count }

  mutating func copy(offset: Int, count: Int) {
    guard count > 0 else { return }
    if self.count > 0, self.offset + self.count == offset {
      self.count += count
    } else {
      flush()
      (self.offset, self.count) = (offset, count)
    }
  }

  mutating func insert(_ bytes: ArraySlice<UInt8>) {
    guard !bytes.isEmpty else { return }
    flush()
    var rest = bytes
    while !rest.isEmpty {
      let part = rest.prefix(Self.maximumInsert)
      delta.append(UInt8(part.count))
      delta.append(contentsOf: part)
      rest = rest.dropFirst(part.count)
    }
  }

  consuming func finish() -> [UInt8] {
    flush()
    return delta
  }

  private mutating func appendSize(_ size: Int) {
    var rest = size
    while rest >= 0x80 {
      delta.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    delta.append(UInt8(rest))
  }

  /// Writes the copy that was held back.
  private mutating func flush() {
    while count > 0 {
      let size = min(count, Self.maximumCopy)
      let instruction = delta.count
      delta.append(0x80)
      for byte in 0..<4 where offset >> (8 * byte) & 0xFF != 0 {
        delta[instruction] |= 1 << UInt8(byte)
        delta.append(UInt8(truncatingIfNeeded: offset >> (8 * byte)))
      }
      // A size of 0x10000 is spelt by no size byte at all.
      for byte in 0..<2 where size != Self.maximumCopy && size >> (8 * byte) & 0xFF != 0 {
        delta[instruction] |= 1 << UInt8(4 + byte)
        delta.append(UInt8(truncatingIfNeeded: size >> (8 * byte)))
      }
      offset += size
      count -= size
    }
  }
}
