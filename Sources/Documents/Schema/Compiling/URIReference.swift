/// A URI or a relative reference in its five parts, by RFC 3986, section 3. Any text has them; nothing is checked.
struct URIReference: Equatable, CustomStringConvertible {
  var scheme: String?
  var authority: String?
  var path = ""
  var query: String?
  var fragment: String?

  init(_ text: String) {
    var rest = text[...]
    fragment = Self.cut(&rest, after: "#")
    query = Self.cut(&rest, after: "?")
    if let colon = rest.firstIndex(of: ":"), !rest[..<colon].contains("/"), colon > rest.startIndex {
      scheme = String(rest[..<colon])
      rest = rest[rest.index(after: colon)...]
    }
    if rest.hasPrefix("//") {
      rest = rest.dropFirst(2)
      let end = rest.firstIndex(of: "/") ?? rest.endIndex
      authority = String(rest[..<end])
      rest = rest[end...]
    }
    path = String(rest)
  }

  /// Removes the mark and what follows it, and returns the latter.
  private static func cut(_ rest: inout Substring, after mark: Character) -> String? {
    guard let place = rest.firstIndex(of: mark) else { return nil }
    defer { rest = rest[..<place] }
    return String(rest[rest.index(after: place)...])
  }

  var description: String {
    var text = ""
    if let scheme { text += scheme + ":" }
    if let authority { text += "//" + authority }
    text += path
    if let query { text += "?" + query }
    if let fragment { text += "#" + fragment }
    return text
  }

  var withoutFragment: URIReference {
    var copy = self
    copy.fragment = nil
    return copy
  }

  /// What the reference means in a document with this URI; RFC 3986, section 5.2.2.
  func resolved(against base: URIReference) -> URIReference {
    if scheme != nil { return normalized }
    var target = self
    target.scheme = base.scheme
    if authority == nil {
      target.authority = base.authority
      if path.isEmpty {
        target.path = base.path
        target.query = query ?? base.query
      } else if !path.hasPrefix("/") {
        target.path = base.merged(with: path)
      }
    }
    return target.normalized
  }

  private func merged(with relative: String) -> String {
    if authority != nil, path.isEmpty { return "/" + relative }
    guard let slash = path.lastIndex(of: "/") else { return relative }
    return path[...slash] + relative
  }

  /// Without the segments `.` and `..`; RFC 3986, section 5.2.4.
  private var normalized: URIReference {
    guard scheme == nil || path.hasPrefix("/") else { return self }
    var kept: [Substring] = []
    let segments = path.split(separator: "/", omittingEmptySubsequences: false)
    for (place, segment) in segments.enumerated() {
      let isLast = place == segments.count - 1
      switch segment {
      case ".": if isLast { kept.append("") }
      case "..":
        if kept.count > 1 || (kept.count == 1 && kept[0] != "") { kept.removeLast() }
        if isLast { kept.append("") }
      default: kept.append(segment)
      }
    }
    var copy = self
    copy.path = kept.joined(separator: "/")
    return copy
  }

  /// A fragment's text with its percent-encoded bytes decoded.
  static func decoded(_ text: String) -> String {
    var bytes: [UInt8] = []
    var rest = Array(text.unicodeScalars)[...]
    while let scalar = rest.popFirst() {
      if scalar == "%", let high = rest.first?.hexDigitValue, let low = rest.dropFirst().first?.hexDigitValue {
        bytes.append(UInt8(high * 16 + low))
        rest = rest.dropFirst(2)
      } else {
        bytes.append(contentsOf: String(scalar).utf8)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
