import Glibc

/// What is known of the terminal, if there is one.
enum Terminal {
  static var showsOutput: Bool { Descriptor.standardOutput.isTerminal }
  static var showsErrors: Bool { Descriptor.standardError.isTerminal }
  /// Whether a question can be asked and answered.
  static var canAsk: Bool { Descriptor.standardInput.isTerminal && Descriptor.standardError.isTerminal }

  static var columns: Int {
    var size = winsize()
    let isKnown = unsafe ioctl(Console.current.errors, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
    return isKnown ? Int(size.ws_col) : 80
  }

  /// The terminal of the process as an open file that stays open; nil when it has none.
  static let number: Int32? = {
    let number = unsafe open("/dev/tty", O_RDWR | O_CLOEXEC)
    return number < 0 ? nil : number
  }()

  /// A line of the standard input without its end; nil at the end.
  private static func readLine() -> String? {
    var line: [UInt8] = []
    while let byte = try? Descriptor.standardInput.read(1).first {
      if byte == UInt8(ascii: "\n") { return String(decoding: line, as: UTF8.self) }
      line.append(byte)
    }
    return line.isEmpty ? nil : String(decoding: line, as: UTF8.self)
  }

  /// Asks for a line; nil at the end of the input.
  static func answer(to question: String) -> String? {
    try? Descriptor.standardError.write("\(question) ".utf8)
    return readLine()
  }

  /// Asks for yes or no; an empty answer is yes, the end of the input is no.
  static func confirms(_ question: String) -> Bool {
    try? Descriptor.standardError.write("\(question) [Y/n] ".utf8)
    guard let answer = readLine() else { return false }
    return answer.isEmpty || answer.lowercased().hasPrefix("y")
  }
}
