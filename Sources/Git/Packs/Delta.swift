/// A Git delta: how to make one content out of another.
///
/// Content: source size, target size (each 7 bits a byte, low first), then instructions: copy (`1` bit, then which
/// offset and size bytes follow) or insert (a count of 1–127, then the bytes). We know which version a content came
/// from and that little of it changed, so nothing is searched for: what both begin and end with is copied, and the
/// middle is inserted. That is exact for one changed name in a tree and for an append to a series.
package enum Delta {
  /// The most bytes that one copy instruction can take.
  private static let maximumCopy = 0xFF_FFFF
  private static let maximumInsert = 127

  /// The delta that makes `target` of `source`; nil when it would save less than half.
  package static func between(_ source: [UInt8], _ target: [UInt8]) -> [UInt8]? {
    let prefix = commonPrefix(source, target)
    let suffix = commonSuffix(source, target, most: min(source.count, target.count) - prefix)
    let middle = prefix..<(target.count - suffix)
    guard middle.count + 24 < target.count / 2 else { return nil }

    var delta: [UInt8] = []
    delta.reserveCapacity(middle.count + 32)
    appendSize(source.count, to: &delta)
    appendSize(target.count, to: &delta)
    appendCopy(offset: 0, count: prefix, to: &delta)
    appendInsert(target[middle], to: &delta)
    appendCopy(offset: source.count - suffix, count: suffix, to: &delta)
    return delta
  }

  private static func appendSize(_ size: Int, to delta: inout [UInt8]) {
    var rest = size
    while rest >= 0x80 {
      delta.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    delta.append(UInt8(rest))
  }

  private static func appendCopy(offset: Int, count: Int, to delta: inout [UInt8]) {
    var offset = offset
    var rest = count
    while rest > 0 {
      let size = min(rest, maximumCopy)
      let instruction = delta.count
      delta.append(0x80)
      for byte in 0..<4 where offset >> (8 * byte) & 0xFF != 0 {
        delta[instruction] |= 1 << UInt8(byte)
        delta.append(UInt8(truncatingIfNeeded: offset >> (8 * byte)))
      }
      // A size of 0x10000 is spelt by no size byte at all.
      for byte in 0..<3 where size != 0x1_0000 && size >> (8 * byte) & 0xFF != 0 {
        delta[instruction] |= 1 << UInt8(4 + byte)
        delta.append(UInt8(truncatingIfNeeded: size >> (8 * byte)))
      }
      offset += size
      rest -= size
    }
  }

  private static func appendInsert(_ bytes: ArraySlice<UInt8>, to delta: inout [UInt8]) {
    var rest = bytes
    while !rest.isEmpty {
      let part = rest.prefix(maximumInsert)
      delta.append(UInt8(part.count))
      delta.append(contentsOf: part)
      rest = rest.dropFirst(part.count)
    }
  }

  private static func commonPrefix(_ left: [UInt8], _ right: [UInt8]) -> Int {
    let most = min(left.count, right.count)
    return unsafe left.withUnsafeBytes { left in
      unsafe right.withUnsafeBytes { right in
        var index = 0
        while index + 8 <= most {
          let difference =
            unsafe left.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            ^ right.loadUnaligned(fromByteOffset: index, as: UInt64.self)
          if difference != 0 { return index + difference.littleEndian.trailingZeroBitCount / 8 }
          index += 8
        }
        while unsafe index < most && left[index] == right[index] { index += 1 }
        return index
      }
    }
  }

  private static func commonSuffix(_ left: [UInt8], _ right: [UInt8], most: Int) -> Int {
    unsafe left.withUnsafeBytes { left in
      unsafe right.withUnsafeBytes { right in
        var count = 0
        while count + 8 <= most {
          let difference =
            unsafe left.loadUnaligned(fromByteOffset: left.count - count - 8, as: UInt64.self)
            ^ right.loadUnaligned(fromByteOffset: right.count - count - 8, as: UInt64.self)
          if difference != 0 { return count + difference.littleEndian.leadingZeroBitCount / 8 }
          count += 8
        }
        while unsafe count < most && left[left.count - 1 - count] == right[right.count - 1 - count] { count += 1 }
        return count
      }
    }
  }
}
