import Daybook

/// The lines of an input, one after the other, without holding all of it.
final class LineReader {
  private let input: Descriptor
  private var buffer: [UInt8] = []
  private var start = 0
  private var isAtEnd = false
  /// The number of the line that was read last, from 1.
  private(set) var number = 0

  private static let chunkBytes = 1 << 20

  init(_ input: consuming Descriptor) {
    self.input = input
  }

  /// The next line without its end; nil behind the last one.
  ///
  /// - Throws: `.limit` for one that is longer than a document may be.
  func next() throws -> [UInt8]? {
    var searched = start
    while true {
      if let end = buffer[searched...].firstIndex(of: UInt8(ascii: "\n")) {
        defer { start = end + 1 }
        number += 1
        return Array(buffer[start..<end])
      }
      if isAtEnd {
        guard start < buffer.count else { return nil }
        defer { start = buffer.count }
        number += 1
        return Array(buffer[start...])
      }
      guard buffer.count - start <= Limits.documentBytes else {
        throw StoreError(
          .limit, "\(input.name):\(number + 1): the line is longer than \(Limits.documentBytes >> 20) MiB.",
          hint: "A document has at most that, on a line of its own.")
      }
      buffer.removeFirst(start)
      start = 0
      searched = buffer.count
      let chunk = try input.read(Self.chunkBytes)
      isAtEnd = chunk.isEmpty
      buffer += chunk
    }
  }
}
