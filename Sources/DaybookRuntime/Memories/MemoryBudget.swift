import Daybook

/// What one batch may take, all of its wishes together: at how many memories they look, and how many bytes of them they
/// answer.
struct MemoryBudget {
  private(set) var looks = Limits.searchedMemories
  private var bytes = Limits.answeredMemoryBytes

  init(looks: Int = Limits.searchedMemories, bytes: Int = Limits.answeredMemoryBytes) {
    self.looks = looks
    self.bytes = bytes
  }

  /// - Throws: `.limit` when nothing may be looked at any more.
  func checkMayLook() throws(StoreError) {
    if looks == 0 { throw Self.tooMany }
  }

  /// - Throws: `.limit` when that is more than may still be looked at.
  mutating func look(at count: Int) throws(StoreError) {
    guard count <= looks else { throw Self.tooMany }
    looks -= count
  }

  /// - Throws: `.limit` when the answer becomes too large.
  mutating func answer(_ memory: Memory) throws(StoreError) {
    bytes -= memory.document.text.bytes.count
    if bytes < 0 {
      throw StoreError(
        .limit, "The memories have more than \(Limits.answeredMemoryBytes) bytes together.", hint: "Ask for fewer.")
    }
  }

  private static let tooMany = StoreError(
    .limit, "More than \(Limits.searchedMemories) memories would have to be looked at.",
    hint: "Name narrower namespaces, or ask for less at once.")
}
