/// A fast 64-bit hash in the manner of wyhash: words are multiplied to 128 bits in three independent lanes and folded. It
/// detects accidents, not forgery.
///
/// - Parameter bytes: Their count must be a multiple of eight.
package func logChecksum(_ bytes: Span<UInt8>, seed: UInt64) -> UInt64 {
  precondition(bytes.count % 8 == 0, "The log hashes whole words.")
  var first = seed ^ keys.0
  var second = seed ^ keys.1
  var third = seed ^ keys.2
  var offset = 0
  while offset + 48 <= bytes.count {
    let block = bytes.extracting(offset..<offset + 48)
    first = folded(block.word(at: 0) ^ keys.1, block.word(at: 8) ^ first)
    second = folded(block.word(at: 16) ^ keys.2, block.word(at: 24) ^ second)
    third = folded(block.word(at: 32) ^ keys.3, block.word(at: 40) ^ third)
    offset += 48
  }
  first ^= second ^ third
  while offset < bytes.count {
    // The rotation keeps a flipped bit visible even in the unlikely case that the other factor is zero.
    let word: UInt64 = bytes.word(at: offset)
    first = folded(word ^ keys.1, first ^ keys.3) ^ (word << 23 | word >> 41)
    offset += 8
  }
  return folded(first ^ keys.0, UInt64(bytes.count) ^ keys.2)
}

/// Odd constants with as many ones as zeros, from wyhash.
private let keys: (UInt64, UInt64, UInt64, UInt64) = (
  0xa076_1d64_78bd_642f, 0xe703_7ed1_a0b4_28db, 0x8ebc_6af0_9c88_c6e3, 0x5899_65cc_7537_4cc3
)

@inline(__always)
private func folded(_ left: UInt64, _ right: UInt64) -> UInt64 {
  let product = left.multipliedFullWidth(by: right)
  return product.high ^ product.low
}
