// Swift's strings are equal when they look alike: `é` as one scalar equals `e` with an accent. In JSON, and in names of
// files, these are two texts. Whatever compares keys, tokens or ids does it by the bytes, through this file.

extension String {
  /// Whether both have the same bytes in UTF-8.
  package func isExactly(_ other: String) -> Bool {
    utf8.span.hasSameBytes(as: other.utf8.span)
  }

  /// Order by the bytes in UTF-8, which is the order of the scalars.
  package func precedesExactly(_ other: String) -> Bool {
    utf8.lexicographicallyPrecedes(other.utf8)
  }
}

/// A text that is compared by its bytes, for dictionaries and sets.
package struct ExactText: Hashable, Sendable {
  package let text: String

  package init(_ text: String) { self.text = text }

  package static func == (one: ExactText, other: ExactText) -> Bool { one.text.isExactly(other.text) }

  package func hash(into hasher: inout Hasher) { hasher.combine(text) }
}

extension Span<UInt8> {
  /// Compares eight bytes at a time.
  func hasSameBytes(as other: Span<UInt8>) -> Bool {
    guard count == other.count else { return false }
    var next = 0
    while next &+ 8 <= count {
      guard word(at: next) == other.word(at: next) else { return false }
      next &+= 8
    }
    while next < count {
      guard self[next] == other[next] else { return false }
      next += 1
    }
    return true
  }
}
