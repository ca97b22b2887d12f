import Git

/// What is said of a history whose beginning went, when somebody asks for that.
struct HistoryBeginning {
  let index: Index
  let horizon: Horizon

  /// The place of the first commit that is here; nil where the history is whole.
  var first: UInt64? { horizon.isEmpty ? nil : index.commits(after: 0, limit: 1).first?.sequence }

  /// Beside "there is no such commit".
  var hint: String? {
    first.map {
      "The history of this store begins at #\($0): what came before is not here. A remote or another machine may have it."
    }
  }

  /// Throws where changes after a sequence are gone. Those who begin at the beginning begin with all that was there then.
  func require(after sequence: UInt64) throws(StoreError) {
    guard let first, sequence > 0, sequence < first else { return }
    throw StoreError(
      .notFound, "The changes after #\(sequence) are not here: the history of this store begins at #\(first).",
      hint: "Read what the store holds now, and go on after its newest sequence.")
  }
}
