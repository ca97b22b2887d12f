import Daybook
import Documents

/// The different texts that a member has in the documents of a query, in their order: from one to the next by a look
/// into the index, whatever number of documents lies in between.
///
/// An index compares the first bytes of a text, so documents with texts that are as long or longer are walked through
/// one by one; then a text may come more than once.
struct DistinctTexts {
  private let member: String
  private let query: Query
  private var page: Query
  private var isOver = false
  private var steps = 0

  /// - Parameter query: without an order; an index should have its members, and this one behind them.
  init(of member: String, in query: Query) throws(StoreError) {
    self.member = member
    self.query = try query.sorted(by: member).limited(to: 1)
    page = self.query
  }

  /// - Throws: `.limit` after `Limits.distinctSteps` looks.
  mutating func next(in snapshot: Snapshot) throws(StoreError) -> String? {
    guard !isOver else { return nil }
    let found = try snapshot.query(page)
    guard let document = found.documents.first else { return nil }
    steps += 1
    guard steps <= Limits.distinctSteps else {
      throw StoreError(.limit, "'\(query.collection)' has too many different values of \(member).")
    }
    let text = document.root[pointer]?.string ?? ""
    if text.utf8.count < Limits.comparedBytes {
      // The least text behind this one.
      page = try query.where(member, .atLeast(.string(text + "\u{0}")))
    } else {
      page = page.after(found.next)
      isOver = found.next == nil
    }
    return text
  }

  private var pointer: JSONPointer { JSONPointer([String(member.dropFirst())]) }
}
