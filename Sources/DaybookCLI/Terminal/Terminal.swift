import Glibc

/// What is known of the terminal, if there is one.
enum Terminal {
  static let showsOutput = Descriptor.standardOutput.isTerminal
  static let showsErrors = Descriptor.standardError.isTerminal
  /// Whether a question can be asked and answered.
  static let canAsk = Descriptor.standardInput.isTerminal && Descriptor.standardError.isTerminal

  static let columns: Int = {
    var size = winsize()
    let isKnown = unsafe ioctl(2, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
    return isKnown ? Int(size.ws_col) : 80
  }()

  /// Asks for a line; nil at the end of the input.
  static func answer(to question: String) -> String? {
    try? Descriptor.standardError.write("\(question) ".utf8)
    return readLine()
  }

  /// Asks for a line that is not shown as it is typed; nil when the asking was broken off with Ctrl-C or Ctrl-D.
  ///
  /// Signals from the keyboard are read as keys meanwhile, so that nothing can leave the terminal without its echo.
  static func secret(_ question: String) throws(SystemFailure) -> String? {
    var before = termios()
    try check("ask for a secret") { unsafe tcgetattr(0, &before) }
    var silent = before
    silent.c_lflag &= ~tcflag_t(ECHO | ICANON | ISIG)
    try check("hide what is typed") { unsafe tcsetattr(0, TCSAFLUSH, &silent) }
    defer {
      _ = unsafe tcsetattr(0, TCSAFLUSH, &before)
      try? Descriptor.standardError.write("\n".utf8)
    }
    try? Descriptor.standardError.write("\(question) ".utf8)
    var typed: [UInt8] = []
    while let key = try Descriptor.standardInput.read(1).first {
      switch key {
      case 0x03, 0x04: return nil
      case 0x0A, 0x0D: return String(decoding: typed, as: UTF8.self)
      case 0x08, 0x7F:
        while let last = typed.popLast(), last & 0xC0 == 0x80 {}
      default: typed.append(key)
      }
    }
    return nil
  }

  /// Asks for yes or no; an empty answer is yes, the end of the input is no.
  static func confirms(_ question: String) -> Bool {
    try? Descriptor.standardError.write("\(question) [Y/n] ".utf8)
    guard let answer = readLine() else { return false }
    return answer.isEmpty || answer.lowercased().hasPrefix("y")
  }
}
