/// A Git delta: how to make one content out of another.
///
/// Content: source size, target size (each 7 bits a byte, low first), then instructions: copy (`1` bit, then which
/// offset and size bytes follow) or insert (a count of 1–127, then the bytes). `DeltaWriter` spells it.
///
/// On the way of a write nothing is searched for: we know which version a content came from and that little of it
/// changed, so what both begin and end with is copied, and the middle is inserted. That is exact for one changed name in
/// a tree and for an append to a series. `DeltaSearch` finds more, when there is time.
package enum Delta {
  /// The delta that makes `target` of `source`; nil when it would save less than half.
  static func between(_ source: [UInt8], _ target: [UInt8]) -> [UInt8]? {
    let prefix = commonPrefix(source[...], target[...])
    let suffix = commonSuffix(source, target, most: min(source.count, target.count) - prefix)
    let middle = prefix..<(target.count - suffix)
    guard middle.count + 24 < target.count / 2 else { return nil }

    var writer = DeltaWriter(sourceCount: source.count, targetCount: target.count)
    writer.copy(offset: 0, count: prefix)
    writer.insert(target[middle])
    writer.copy(offset: source.count - suffix, count: suffix)
    return writer.finish()
  }

  static func commonPrefix(_ left: ArraySlice<UInt8>, _ right: ArraySlice<UInt8>) -> Int {
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

  static func commonSuffix(_ left: [UInt8], _ right: [UInt8], most: Int) -> Int {
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
