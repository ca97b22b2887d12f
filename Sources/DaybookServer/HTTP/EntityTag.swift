import Daybook

/// The entity tags of a header such as `If-Match: "8f3c…", "1a90…"`. A document's tag is its revision in quotes.
enum EntityTags: Equatable {
  /// `*`: whatever there is.
  case any
  case tags([String])

  /// Nil for a header that is not well formed. Weak tags are taken by their text: documents have only strong ones.
  init?(_ header: String) {
    let items = header.split(separator: ",").map { $0.trimming(" \t") }
    if items == ["*"] {
      self = .any
      return
    }
    var tags: [String] = []
    for item in items {
      let text = item.hasPrefix("W/") ? item.dropFirst(2) : item
      guard text.count >= 2, text.hasPrefix("\""), text.hasSuffix("\"") else { return nil }
      tags.append(String(text.dropFirst().dropLast()))
    }
    guard !tags.isEmpty else { return nil }
    self = .tags(tags)
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
