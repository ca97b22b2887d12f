/// Bytes that are read in parts, such as a file that may be larger than memory.
package struct ByteSource {
  package let count: Int
  private let body: (_ offset: Int, _ count: Int) throws -> [UInt8]

  /// - Parameter read: Answers so many bytes from an offset on; fewer where the source turns out to end.
  package init(count: Int, read: @escaping (_ offset: Int, _ count: Int) throws -> [UInt8]) {
    self.count = count
    body = read
  }

  /// Throws when the bytes are not all there.
  func read(_ range: Range<Int>) throws -> [UInt8] {
    guard range.lowerBound >= 0, range.upperBound <= count else { throw Self.isCutShort }
    let bytes = try body(range.lowerBound, range.count)
    guard bytes.count == range.count else { throw Self.isCutShort }
    return bytes
  }

  /// What stands from an offset on, as a source of its own.
  func dropping(_ offset: Int) -> ByteSource {
    ByteSource(count: count - offset) { [body] in try body(offset + $0, $1) }
  }

  static let isCutShort = GitError(.damaged, "read a pack", "it is cut short")
}
