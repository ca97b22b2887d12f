/// The bytes that pairs of hexadecimal digits stand for.
func bytes(_ digits: String) -> [UInt8] {
  let values = digits.utf8.map { UInt8($0 < 0x3A ? $0 - 0x30 : $0 - 0x57) }
  return stride(from: 0, to: values.count, by: 2).map { values[$0] << 4 | values[$0 + 1] }
}

/// The bytes with one bit turned over.
func flip(_ bit: Int, of bytes: [UInt8]) -> [UInt8] {
  var flipped = bytes
  flipped[bit / 8] ^= 1 << (bit % 8)
  return flipped
}
