import Documents
import Git

/// The keys of ssh servers that somebody has vouched for, as `~/.ssh/known_hosts` lists them.
///
/// ```
/// [@revoked ]host,pattern*,!not-this ssh-ed25519 AAAA…
/// |1|<salt>|<name under it> ssh-ed25519 AAAA…         a name that is hidden
/// ```
///
/// A server is called by its name alone, or `[name]:port` where the port is not ssh's own. Lines that cannot be read,
/// and those about authorities that sign keys, count for nothing.
struct KnownHosts {
  private struct Line {
    var isRevoked: Bool
    var names: String
    var key: HostKey
  }

  private let lines: [Line]

  init(parsing text: String) {
    lines = text.split(whereSeparator: \.isNewline).compactMap { Self.line($0) }
  }

  private static func line(_ text: Substring) -> Line? {
    var words = text.split(whereSeparator: \.isWhitespace)[...]
    guard let first = words.first, !first.hasPrefix("#") else { return nil }
    if first.hasPrefix("@") { words.removeFirst() }
    guard !first.hasPrefix("@") || first == "@revoked", words.count >= 3 else { return nil }
    let names = String(words.removeFirst())
    words.removeFirst()
    guard let key = words.first.flatMap({ Base64.decode(String($0)) }) else { return nil }
    return Line(isRevoked: first == "@revoked", names: names, key: HostKey(bytes: key))
  }

  /// Also `changed` where the host is known by a key of another type: who stands in between could choose the type.
  func verdict(on key: HostKey, of host: String, port: Int) -> HostKeyVerdict {
    let name = Self.name(host, port: port)
    let lines = lines.filter { Self.matches($0.names, name) }
    if lines.contains(where: { $0.isRevoked && $0.key == key }) { return .changed }
    if lines.contains(where: { $0.key == key }) { return .known }
    return lines.isEmpty ? .unknown : .changed
  }

  static func name(_ host: String, port: Int) -> String {
    port == 22 ? host : "[\(host)]:\(port)"
  }

  private static func matches(_ names: String, _ name: String) -> Bool {
    if names.hasPrefix("|") { return isHidden(name, in: names) }
    var isMatched = false
    for pattern in names.split(separator: ",") {
      let isNegative = pattern.hasPrefix("!")
      guard matches(Array((isNegative ? pattern.dropFirst() : pattern).lowercased().utf8)[...], Array(name.utf8)[...])
      else { continue }
      if isNegative { return false }
      isMatched = true
    }
    return isMatched
  }

  private static func isHidden(_ name: String, in text: String) -> Bool {
    let parts = text.split(separator: "|")
    guard parts.count == 3, parts[0] == "1", let salt = Base64.decode(String(parts[1])) else { return false }
    return Base64.decode(String(parts[2])) == HostKey.hiddenName(name, salt: salt)
  }

  /// `*` stands for any characters, `?` for one. Linear in the name for each star.
  private static func matches(_ pattern: ArraySlice<UInt8>, _ name: ArraySlice<UInt8>) -> Bool {
    var (pattern, name) = (pattern, name)
    var retry: (pattern: ArraySlice<UInt8>, name: ArraySlice<UInt8>)?
    while !name.isEmpty {
      if pattern.first == UInt8(ascii: "*") {
        pattern.removeFirst()
        retry = (pattern, name)
      } else if let expected = pattern.first, expected == name.first || expected == UInt8(ascii: "?") {
        pattern.removeFirst()
        name.removeFirst()
      } else if let last = retry {
        (pattern, name) = (last.pattern, last.name.dropFirst())
        retry?.name = name
      } else {
        return false
      }
    }
    return pattern.allSatisfy { $0 == UInt8(ascii: "*") }
  }
}
