/// What is wrong with a JSON text, and where.
public struct JSONError: Error, Equatable, CustomStringConvertible {
  /// A sentence for the person who wrote the text.
  public var message: String
  /// Where the fault begins.
  public var position: JSONPosition

  /// For faults that are found after reading, such as a value that a schema forbids.
  public init(message: String, position: JSONPosition) {
    self.message = message
    self.position = position
  }

  /// `line 3, column 7: A comma may not stand before a closing brace.`
  public var description: String { "\(position): \(message)" }
}

/// A place in a text, as editors count: lines and columns from 1, a column for each Unicode scalar.
public struct JSONPosition: Sendable, Hashable, CustomStringConvertible {
  /// Counted from 1; only a line feed ends a line.
  public var line: Int
  /// Counted from 1, in Unicode scalars.
  public var column: Int
  /// Counted from 0, in bytes.
  public var offset: Int

  /// A place that is known already.
  public init(line: Int, column: Int, offset: Int) {
    self.line = line
    self.column = column
    self.offset = offset
  }

  /// The place of the byte at `offset`; costs a walk over the bytes before it.
  init(of offset: Int, in bytes: [UInt8]) {
    var line = 1
    var column = 1
    for byte in bytes[..<min(offset, bytes.count)] {
      if byte == UInt8(ascii: "\n") {
        line += 1
        column = 1
      } else if byte & 0b1100_0000 != 0b1000_0000 {
        column += 1
      }
    }
    self.init(line: line, column: column, offset: offset)
  }

  /// `line 3, column 7`
  public var description: String { "line \(line), column \(column)" }
}
