import Daybook

/// The entity tags of a header such as `If-Match: "8f3c…", "1a90…"`. A document's tag is its revision in quotes.
enum EntityTags: Equatable {
  /// `*`: whatever there is.
  case any
  case tags([String])

  /// Weak tags are taken by their text: documents have only strong ones. What is not well formed is the tag of no document.
  init(_ header: String) {
    let items = header.split(separator: ",").map { $0.trimming(" \t") }
    if items == ["*"] {
      self = .any
      return
    }
    self = .tags(
      items.map { item in
        let text = item.hasPrefix("W/") ? item.dropFirst(2) : item
        let isQuoted = text.count >= 2 && text.hasPrefix("\"") && text.hasSuffix("\"")
        return isQuoted ? String(text.dropFirst().dropLast()) : ""
      })
  }

  func matches(_ revision: Revision?) -> Bool {
    guard let revision else { return false }
    return switch self {
    case .any: true
    case .tags(let tags): tags.contains("\(revision)")
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
