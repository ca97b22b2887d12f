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

  /// Asks for yes or no; an empty answer is yes, the end of the input is no.
  static func confirms(_ question: String) -> Bool {
    try? Descriptor.standardError.write("\(question) [Y/n] ".utf8)
    guard let answer = readLine() else { return false }
    return answer.isEmpty || answer.lowercased().hasPrefix("y")
  }
}
