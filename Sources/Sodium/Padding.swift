import CSodium

/// ISO/IEC 7816-4 padding, which hides the exact length of what is sealed: a byte 0x80, then zeros up to a whole number
/// of blocks. There is always at least the one byte, so that taking the padding off is never a guess.
package enum Padding {
  /// Pads to a multiple of `blockByteCount`, which must be positive.
  package static func pad(_ bytes: inout [UInt8], toBlocksOf blockByteCount: Int) throws(SodiumError) {
    precondition(blockByteCount > 0, "A block has at least one byte.")
    let count = bytes.count
    // Grown in one step into storage of its own, so that the shorter array can be wiped instead of left behind.
    var padded = [UInt8](repeating: 0, count: count + blockByteCount - count % blockByteCount)
    padded.replaceSubrange(0..<count, with: bytes)
    let capacity = padded.count
    var length = 0
    guard unsafe sodium_pad(&length, &padded, count, blockByteCount, capacity) == 0, length == capacity else {
      throw .unavailable("padding failed")
    }
    wipe(&bytes)
    bytes = padded
  }

  /// Takes the padding off again; throws `.cannotOpen` when there is none.
  package static func unpad(_ bytes: inout [UInt8], fromBlocksOf blockByteCount: Int) throws(SodiumError) {
    precondition(blockByteCount > 0, "A block has at least one byte.")
    var length = 0
    guard bytes.count >= blockByteCount,
      unsafe sodium_unpad(&length, bytes, bytes.count, blockByteCount) == 0
    else { throw .cannotOpen }
    bytes.removeLast(bytes.count - length)
  }
}
