import Glibc

/// Asks a person for something that must not show: the terminal prints nothing back. The terminal is opened by itself, so
/// that a document may come on standard input.
enum SecretPrompt {
  private static let terminal = "/dev/tty"
  private static let mostBytes = 1 << 16
  private static let (interrupt, end, backspace, delete, eraseLine) = (
    3 as UInt8, 4 as UInt8, 8 as UInt8, 127 as UInt8, 21 as UInt8
  )

  /// What was typed up to the end of the line; nil when there is nobody to ask, or who was asked gave up with Ctrl-C or
  /// Ctrl-D. The caller wipes it.
  static func ask(_ question: String) throws(SystemFailure) -> [UInt8]? {
    guard Terminal.showsErrors, let terminal = try? Descriptor(readingTerminal: terminal) else { return nil }
    return try terminal.withoutEcho { terminal throws(SystemFailure) in
      try Descriptor.standardError.write("\(question): ".utf8)
      defer { try? Descriptor.standardError.write("\n".utf8) }
      return try readLine(terminal)
    }
  }

  /// Byte by byte, since without the terminal's own line editing erasing is ours to do.
  private static func readLine(_ terminal: borrowing Descriptor) throws(SystemFailure) -> [UInt8]? {
    var line: [UInt8] = []
    line.reserveCapacity(mostBytes)
    while line.count < mostBytes {
      guard let byte = try terminal.read(1).first, byte != interrupt, byte != end else { return nil }
      switch byte {
      case UInt8(ascii: "\n"), UInt8(ascii: "\r"): return line
      case backspace, delete: eraseCharacter(&line)
      case eraseLine: line.removeAll(keepingCapacity: true)
      default: line.append(byte)
      }
    }
    return line
  }

  private static func eraseCharacter(_ line: inout [UInt8]) {
    // The bytes of one character in UTF-8: those that go on with it, and the one that it begins with.
    while let last = line.popLast(), last & 0b1100_0000 == 0b1000_0000 {}
  }
}

extension Descriptor {
  /// Lends the terminal while it neither prints what is typed nor turns keys into signals: a command that died of one would
  /// leave it so.
  fileprivate borrowing func withoutEcho<Result>(
    _ body: (borrowing Descriptor) throws(SystemFailure) -> Result
  ) throws(SystemFailure) -> Result {
    let before = try terminalSettings()
    var quiet = before
    quiet.c_lflag &= ~tcflag_t(ECHO | ISIG | ICANON)
    try apply(quiet)
    defer { try? apply(before) }
    return try body(self)
  }
}
