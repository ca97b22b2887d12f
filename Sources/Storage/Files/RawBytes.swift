// The few reads of bytes as larger words, and comparisons at memory speed, that the log and the tree are built on. They
// live in this folder since it is the one of the module that may say `unsafe`; each checks its bounds first.

import Glibc

extension Span<UInt8> {
  /// The little-endian word at a byte offset.
  @inline(__always)
  func word<Word: FixedWidthInteger>(at offset: Int, as type: Word.Type = Word.self) -> Word {
    precondition(offset >= 0 && offset + MemoryLayout<Word>.size <= count, "A word must lie inside the bytes.")
    return unsafe withUnsafeBytes { unsafe Word(littleEndian: $0.loadUnaligned(fromByteOffset: offset, as: type)) }
  }

  /// Compares by the values of the bytes; negative, zero or positive as this one is less, equal or greater. A prefix of a
  /// longer run of bytes is less than it.
  @inline(__always)
  func compared(to other: Span<UInt8>) -> Int {
    let shared = Swift.min(count, other.count)
    let order = unsafe withUnsafeBytes { mine in
      unsafe other.withUnsafeBytes { theirs in
        shared == 0 ? 0 : unsafe memcmp(mine.baseAddress!, theirs.baseAddress!, shared)
      }
    }
    return order != 0 ? Int(order) : count - other.count
  }

  /// How many bytes both begin with.
  func sharedPrefixCount(with other: Span<UInt8>) -> Int {
    let limit = Swift.min(count, other.count)
    var shared = 0
    while shared < limit, self[shared] == other[shared] { shared += 1 }
    return shared
  }
}

extension [UInt8] {
  /// Appends bytes at memory speed.
  @inline(__always)
  mutating func append(_ bytes: Span<UInt8>) {
    unsafe bytes.withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
  }

  /// A copy of the bytes.
  @inline(__always)
  package init(_ bytes: Span<UInt8>) {
    self = unsafe bytes.withUnsafeBufferPointer { unsafe Array($0) }
  }

  /// Appends the little-endian bytes of a word.
  mutating func append<Word: FixedWidthInteger>(word: Word) {
    unsafe Swift.withUnsafeBytes(of: word.littleEndian) { unsafe append(contentsOf: $0) }
  }
}

extension [UInt8] {
  /// Replaces bytes in place.
  mutating func overwrite(from offset: Int, with bytes: Span<UInt8>) {
    var target = mutableSpan
    for index in 0..<bytes.count { target[offset + index] = bytes[index] }
  }
}
