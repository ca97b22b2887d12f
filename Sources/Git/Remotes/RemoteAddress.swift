/// Where a remote is: checked, of a scheme that is let in, and without a password.
///
/// ```
/// https://host[:port]/path       with a token or a password that is kept elsewhere
/// ssh://[user@]host[:port]/path
/// [user@]host:path               the same, with a path below the user's home folder
/// /path  file:///path            a folder of this machine
/// http://127.0.0.1[:port]/path   this machine alone: nobody else can read along
/// ```
///
/// Nothing else is let in, since Git's other forms run programs (`ext::`), or carry passwords and history in the clear.
package struct RemoteAddress: Hashable, Sendable {
  package enum Scheme: String, Sendable {
    case https, http, ssh
    /// A folder of this machine.
    case folder
  }

  package let scheme: Scheme
  package let user: String?
  /// In small letters, without the brackets of an IPv6 address; empty for a folder.
  package let host: String
  package let port: Int?
  /// As it is spelled; of a folder, from the root on.
  package let path: String
  /// As it was typed: what Git's configuration holds.
  package let text: String

  package static let longest = 2_048

  package init(parsing text: String) throws(RemoteAddressFault) {
    guard !text.isEmpty else { throw .empty }
    guard text.utf8.count <= Self.longest else { throw .tooLong }
    guard text.utf8.allSatisfy({ $0 >= 32 && $0 != 127 }) else { throw .blank }
    self.text = text
    if let separator = text.firstRange(of: "://") {
      let rest = text[separator.upperBound...]
      switch text[..<separator.lowerBound].lowercased() {
      case "https": (scheme, user, host, port, path) = try Self.split(rest, .https)
      case "http": (scheme, user, host, port, path) = try Self.split(rest, .http)
      case "ssh": (scheme, user, host, port, path) = try Self.split(rest, .ssh)
      case "file": (scheme, user, host, port, path) = (.folder, nil, "", nil, String(rest))
      case let other: throw .scheme(other)
      }
    } else if text.hasPrefix("/") {
      (scheme, user, host, port, path) = (.folder, nil, "", nil, text)
    } else {
      (scheme, user, host, port, path) = try Self.splitShort(text)
    }
    try check()
  }

  /// What is behind `://`.
  private static func split(
    _ rest: Substring, _ scheme: Scheme
  ) throws(RemoteAddressFault) -> (Scheme, String?, String, Int?, String) {
    let end = rest.firstIndex(of: "/") ?? rest.endIndex
    let (user, place) = try splitUser(rest[..<end])
    let portMark = place.hasPrefix("[") ? place.lastRange(of: "]:") : place.lastRange(of: ":")
    let host = portMark.map { place[..<(place.hasPrefix("[") ? place.index(after: $0) : $0)] } ?? place
    let digits = portMark.map { place[place.index(after: $0)...].drop { $0 == ":" } }
    let port = digits.flatMap { $0.allSatisfy(\.isASCII) ? UInt16($0) : nil }
    if digits != nil, (port ?? 0) == 0 { throw .port }
    return (scheme, user, try name(host), port.map(Int.init), String(rest[end...]))
  }

  /// `user@host:path`.
  private static func splitShort(
    _ text: String
  ) throws(RemoteAddressFault) -> (Scheme, String?, String, Int?, String) {
    guard let colon = text.firstIndex(of: ":"), !text[..<colon].contains("/") else { throw .relative }
    let path = text[text.index(after: colon)...]
    guard !path.hasPrefix(":") else { throw .scheme(String(text[..<colon])) }
    let (user, host) = try splitUser(text[..<colon])
    return (.ssh, user, try name(host), nil, String(path))
  }

  private static func splitUser(_ text: Substring) throws(RemoteAddressFault) -> (String?, Substring) {
    guard let mark = text.lastIndex(of: "@") else { return (nil, text) }
    let user = text[..<mark]
    guard !user.contains(":") else { throw .password }
    guard user.first?.isWord == true, user.allSatisfy({ $0.isWord || "-+.".contains($0) }) else { throw .user }
    return (String(user), text[text.index(after: mark)...])
  }

  private static func name(_ host: Substring) throws(RemoteAddressFault) -> String {
    if host.hasPrefix("[") {
      let inner = host.dropFirst().dropLast()
      guard host.hasSuffix("]"), !inner.isEmpty, inner.allSatisfy({ $0.isHexDigit && $0.isASCII || ".:".contains($0) })
      else { throw .host }
      return inner.lowercased()
    }
    guard host.first?.isWord == true, host.allSatisfy({ $0.isWord || "-.".contains($0) }) else { throw .host }
    return host.lowercased()
  }

  private func check() throws(RemoteAddressFault) {
    guard !path.isEmpty, path != "/", !path.hasPrefix("-") else { throw .path }
    guard scheme == .folder || !text.contains(" ") else { throw .blank }
    switch scheme {
    case .http where !isLoopback: throw .plainText
    case .http, .https: if path.contains("?") || path.contains("#") { throw .query }
    case .ssh: if try Self.isUnquotable(path) { throw .quote }
    case .folder:
      guard path.hasPrefix("/") else { throw .relative }
    }
  }

  private var isLoopback: Bool { host == "localhost" || host == "::1" || isLoopbackNumber }

  private var isLoopbackNumber: Bool {
    let parts = host.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4 && parts.first == "127" && parts.allSatisfy { UInt8($0) != nil }
  }

  /// libgit2 puts the path between single quotes into a line of shell for the other side, with its `%27` decoded.
  private static func isUnquotable(_ path: String) throws(RemoteAddressFault) -> Bool {
    var bytes = path.utf8.makeIterator()
    while let byte = bytes.next() {
      var byte = byte
      if byte == UInt8(ascii: "%") {
        guard let high = bytes.next(), let low = bytes.next(),
          let value = UInt8(String(decoding: [high, low], as: UTF8.self), radix: 16)
        else { throw .path }
        byte = value
      }
      if byte < 32 || byte == 127 || [UInt8(ascii: "'"), UInt8(ascii: "\\"), UInt8(ascii: "!")].contains(byte) {
        return true
      }
    }
    return false
  }
}

extension RemoteAddress: CustomStringConvertible {
  package var description: String { text }

  /// Whether both are the same server by the same way: what credentials are bound to.
  package func isSameServer(as other: RemoteAddress) -> Bool {
    (scheme, host, effectivePort) == (other.scheme, other.host, other.effectivePort)
  }

  package var effectivePort: Int? {
    switch scheme {
    case .https: port ?? 443
    case .http: port ?? 80
    case .ssh: port ?? 22
    case .folder: nil
    }
  }
}

extension Character {
  /// A letter, a digit or an underscore of ASCII.
  fileprivate var isWord: Bool { isASCII && (isLetter || isNumber || self == "_") }
}

extension Substring {
  /// Where the last occurrence of a short text begins.
  fileprivate func lastRange(of text: String) -> Index? { ranges(of: text).last?.lowerBound }
}
