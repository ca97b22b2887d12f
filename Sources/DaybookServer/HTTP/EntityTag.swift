import Daybook

/// The entity tags of a header such as `If-Match: "8f3c…", "1a90…"`. A document's tag is its revision in quotes.
enum EntityTags: Equatable {
  /// `*`: whatever there is.
  case any
  case tags([String])

  /// What is not well formed is the tag of no document, and so is a weak one: documents have only strong ones. Where only
  /// what was read before is to be told from what is there now, a weak one counts like the strong (RFC 9110, 13.1).
  init(_ header: String, countingWeak: Bool = false) {
    let items = header.split(separator: ",").map { $0.trimming(" \t") }
    if items == ["*"] {
      self = .any
      return
    }
    self = .tags(
      items.map { item in
        let text = countingWeak && item.hasPrefix("W/") ? item.dropFirst(2) : item
        let isQuoted = text.count >= 2 && text.hasPrefix("\"") && text.hasSuffix("\"")
        return isQuoted ? String(text.dropFirst().dropLast()) : ""
      })
  }

  /// - Parameter tag: as it stands in `ETag`.
  func matches(_ tag: String) -> Bool {
    switch self {
    case .any: true
    case .tags(let tags): tags.contains { "\"\($0)\"" == tag }
    }
  }
}

extension Revision {
  /// As it stands in `ETag`.
  var tag: String { "\"\(self)\"" }
}

extension StringProtocol {
  func trimming(_ characters: String) -> SubSequence {
    var rest = self[...]
    while let first = rest.first, characters.contains(first) { rest.removeFirst() }
    while let last = rest.last, characters.contains(last) { rest.removeLast() }
    return rest
  }
}
