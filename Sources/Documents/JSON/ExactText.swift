// Swift's strings are equal when they look alike: `é` as one scalar equals `e` with an accent. In JSON, and in names of
// files, these are two texts. Whatever compares keys, tokens or ids does it by the bytes, through this file.

extension String {
  /// Whether both have the same bytes in UTF-8.
  func isExactly(_ other: String) -> Bool {
    utf8.count == other.utf8.count && utf8.elementsEqual(other.utf8)
  }

  /// Order by the bytes in UTF-8, which is the order of the scalars.
  func precedesExactly(_ other: String) -> Bool {
    utf8.lexicographicallyPrecedes(other.utf8)
  }
}

/// A text that is compared by its bytes, for dictionaries and sets.
struct ExactText: Hashable {
  let text: String

  init(_ text: String) { self.text = text }

  static func == (one: ExactText, other: ExactText) -> Bool { one.text.isExactly(other.text) }

  func hash(into hasher: inout Hasher) { hasher.combine(text) }
}
