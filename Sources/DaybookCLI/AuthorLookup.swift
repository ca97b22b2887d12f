import Daybook

/// Who the author of a commit is when the command line does not say.
extension Author {
  /// `DAYBOOK_AUTHOR`, else Git's user, else the user of this machine.
  static func ofThisUser(_ environment: [String: String]) throws(StoreError) -> Author {
    if let text = environment["DAYBOOK_AUTHOR"], !text.isEmpty { return try Author(parsing: text) }
    let user = environment["USER"] ?? environment["LOGNAME"] ?? "daybook"
    let configured = gitUser(environment)
    return Author(
      name: configured["name"] ?? user, email: configured["email"] ?? "\(user)@\(Process.hostName)")
  }

  /// The `[user]` section of Git's own configuration; that of the repository is not looked at.
  private static func gitUser(_ environment: [String: String]) -> [String: String] {
    let home = environment["HOME"] ?? ""
    let files = ["\(environment["XDG_CONFIG_HOME"] ?? "\(home)/.config")/git/config", "\(home)/.gitconfig"]
    var found: [String: String] = [:]
    for file in files {
      guard let bytes = try? Descriptor(reading: file).readAll(limit: largestConfiguration) else { continue }
      found.merge(userSection(of: String(decoding: bytes, as: UTF8.self))) { _, new in new }
    }
    return found
  }

  private static let largestConfiguration = 1 << 20

  private static func userSection(of text: String) -> [String: String] {
    var values: [String: String] = [:]
    var isInside = false
    for line in text.split(whereSeparator: \.isNewline) {
      let line = trimmed(line)
      if line.hasPrefix("[") { isInside = line.lowercased().hasPrefix("[user]") }
      let parts = line.split(separator: "=", maxSplits: 1)
      guard isInside, parts.count == 2 else { continue }
      let value = trimmed(parts[1])
      let isQuoted = value.count >= 2 && value.hasPrefix("\"") && value.hasSuffix("\"")
      values[trimmed(parts[0]).lowercased()] = isQuoted ? String(value.dropFirst().dropLast()) : value
    }
    return values.filter { !$0.value.isEmpty }
  }

  private static func trimmed(_ text: some StringProtocol) -> String {
    let text = text.drop(while: \.isWhitespace)
    guard let last = text.lastIndex(where: { !$0.isWhitespace }) else { return "" }
    return String(text[...last])
  }
}
