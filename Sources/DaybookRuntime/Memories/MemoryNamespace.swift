package import Daybook
import Documents

/// Where a memory is: a path of labels, such as `users`, `ann`.
///
/// In its documents stands the *path*, each label with a dot behind it: `users.ann.`. So all that lies below a
/// namespace begins like it, and `users.anna.` does not begin like `users.ann.`.
package struct MemoryNamespace: Sendable {
  package let labels: [String]

  /// - Throws: `.invalid` for a label that is empty or holds a dot or a zero, and for a path that is too long.
  package init(_ labels: [String]) throws(StoreError) {
    for label in labels where label.isEmpty || label.utf8.contains(where: { $0 == UInt8(ascii: ".") || $0 == 0 }) {
      throw StoreError(.invalid, "'\(label)' cannot be a label: it is empty, or holds a dot or a zero.")
    }
    guard labels.reduce(labels.count, { $0 + $1.utf8.count }) <= Limits.namespaceBytes else {
      throw StoreError(.invalid, "A namespace has at most \(Limits.namespaceBytes) bytes.")
    }
    self.labels = labels
  }

  /// All namespaces lie below it; it holds no memory itself.
  package static let root = MemoryNamespace(path: "")

  /// Reads the path of a document.
  init(path: String) {
    labels = path.split(separator: ".").map(String.init)
  }

  var path: String { labels.map { $0 + "." }.joined() }

  /// - Throws: `.invalid` for one in which nothing may be kept: none at all, or one of LangGraph's own.
  func checkHoldsMemories() throws(StoreError) {
    guard let root = labels.first else {
      throw StoreError(.invalid, "A memory needs a namespace of one label at least.")
    }
    guard root != "langgraph" else { throw StoreError(.invalid, "The namespace 'langgraph' is LangGraph's own.") }
  }

  /// The first labels.
  func prefix(_ depth: Int) -> MemoryNamespace { MemoryNamespace(path: labels.prefix(depth).map { $0 + "." }.joined()) }

  /// By labels, and these by their bytes.
  func precedes(_ other: MemoryNamespace) -> Bool {
    labels.lexicographicallyPrecedes(other.labels) { $0.precedesExactly($1) }
  }

  /// What a list of namespaces asks of each.
  package enum Condition: Sendable, Equatable {
    /// It begins so, or ends so; `*` stands for any one label.
    case begins([String])
    case ends([String])
  }

  func passes(_ condition: Condition) -> Bool {
    switch condition {
    case .begins(let pattern): Self.matches(labels.prefix(pattern.count), pattern)
    case .ends(let pattern): Self.matches(labels.suffix(pattern.count), pattern)
    }
  }

  private static func matches(_ labels: ArraySlice<String>, _ pattern: [String]) -> Bool {
    labels.count == pattern.count && zip(labels, pattern).allSatisfy { $1 == "*" || $0.isExactly($1) }
  }
}
