import Documents

/// Where things go: data to standard output, everything else to standard error.
enum Output {
  static func write(_ bytes: some Collection<UInt8>) throws(SystemFailure) {
    try Descriptor.standardOutput.write(bytes)
  }

  static func line(_ text: String) throws(SystemFailure) {
    try write((text + "\n").utf8)
  }

  /// One value on one line.
  static func json(_ value: JSONObject) throws(SystemFailure) {
    try line(JSONValue.object(value).compactText)
  }

  /// A sentence that is no data. Nobody listening is no failure.
  static func note(_ text: String) {
    try? Descriptor.standardError.write((text + "\n").utf8)
  }
}

extension Int {
  /// `1 document`, `2 documents`.
  func of(_ noun: String) -> String {
    "\(self) \(noun)\(self == 1 ? "" : "s")"
  }
}

/// Colours, where there is a terminal that shows them and `NO_COLOR` is not set.
struct Style {
  let isColoured: Bool

  static var output: Style { Style(isColoured: Terminal.showsOutput && wantsColour) }
  static var errors: Style { Style(isColoured: Terminal.showsErrors && wantsColour) }

  private static var wantsColour: Bool {
    (Process.environment["NO_COLOR"] ?? "").isEmpty && Process.environment["TERM"] != "dumb"
  }

  func red(_ text: String) -> String { dressed(text, "31") }
  func green(_ text: String) -> String { dressed(text, "32") }
  func yellow(_ text: String) -> String { dressed(text, "33") }
  func bold(_ text: String) -> String { dressed(text, "1") }
  func dim(_ text: String) -> String { dressed(text, "2") }

  private func dressed(_ text: String, _ code: String) -> String {
    isColoured ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
  }
}
