// Refusing duplicate keys without a table for each object: every key leaves a 64-bit fingerprint of its meaning on a
// stack. Few keys are compared pairwise, many are sorted; only keys with equal fingerprints are looked at. A text
// made to have equal fingerprints costs a sort by content, never a quadratic search.

extension JSONReader {
  /// Up to here comparing all pairs of fingerprints is quicker than sorting them.
  private static let pairwiseLimit = 12

  mutating func readKey(_ bytes: Span<UInt8>) throws(JSONFault) {
    let start = at
    let hasEscapes = try skipString(bytes)
    tape.append(JSONTapeNode(.string, start: start, end: at, next: tape.count + 1, flagged: hasEscapes))
    if hasEscapes {
      let content = bytes.unescaped(start + 1..<at - 1)
      fingerprints.append(content.span.fingerprint(0..<content.count))
    } else {
      fingerprints.append(bytes.fingerprint(start + 1..<at - 1))
    }
  }

  @inline(__always)
  mutating func refuseDuplicateKeys(_ bytes: Span<UInt8>, of object: Int, count: Int) throws(JSONFault) {
    let first = fingerprints.count - count
    let mayHaveDuplicates = count <= Self.pairwiseLimit ? hasEqualPair(from: first) : hasEqualNeighbours(from: first)
    fingerprints.removeLast(count)
    if mayHaveDuplicates { try compareKeys(bytes, of: object) }
  }

  @inline(__always) private func hasEqualPair(from first: Int) -> Bool {
    let all = fingerprints.span
    var later = first + 1
    while later < all.count {
      let fingerprint = all[later]
      for earlier in first..<later where all[earlier] == fingerprint { return true }
      later += 1
    }
    return false
  }

  private func hasEqualNeighbours(from first: Int) -> Bool {
    let sorted = fingerprints[first...].sorted()
    return sorted.indices.dropFirst().contains { sorted[$0] == sorted[$0 - 1] }
  }

  /// Compares the keys themselves; reached only when fingerprints say that two may be equal.
  private func compareKeys(_ bytes: Span<UInt8>, of object: Int) throws(JSONFault) {
    var keys: [(content: [UInt8], offset: Int)] = []
    var key = object + 1
    while key < tape[object].next {
      let range = tape[key].range
      keys.append((bytes.unescaped(range.lowerBound + 1..<range.upperBound - 1), range.lowerBound))
      key = Int(tape[key + 1].next)
    }
    keys.sort { one, other in
      one.content == other.content ? one.offset < other.offset : one.content.lexicographicallyPrecedes(other.content)
    }
    var fault: JSONFault?
    for (earlier, later) in zip(keys, keys.dropFirst()) where earlier.content == later.content {
      if let found = fault, found.offset < later.offset { continue }
      fault = JSONFault(.duplicateKey(firstAt: earlier.offset), at: later.offset)
    }
    if let fault { throw fault }
  }
}

extension Span<UInt8> {
  /// Depends on the length and on the first and last eight bytes: enough to tell almost all keys apart.
  @inline(__always) fileprivate func fingerprint(_ range: Range<Int>) -> UInt64 {
    let length = UInt64(truncatingIfNeeded: range.count)
    if range.count >= 8 {
      let head = word(at: range.lowerBound)
      let tail = word(at: range.upperBound - 8)
      return (head &* 0x9E37_79B9_7F4A_7C15) ^ (tail &+ length).byteSwapped
    }
    var short: UInt64 = 0
    for place in range { short = short << 8 | UInt64(self[place]) }
    return (short << 8 | length) &* 0x9E37_79B9_7F4A_7C15
  }
}
