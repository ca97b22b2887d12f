/// Finds what an author can undo or redo, going through their commits from the newest back.
///
/// Each commit that undoes or redoes another names the one that was done first, so the newest such word about it counts:
///
///     A  B  undo B  undo A  redo A        undo takes A back, redo does B again
///     A  B  undo B  C                     undo takes C back; there is nothing to redo: C came after
struct UndoSearch {
  enum Wish { case undo, redo }

  enum Verdict {
    /// This commit is to be taken back: the operation, or for a redo the commit that undid it.
    case found
    case nothing
    case goOn
  }

  private let wish: Wish
  /// Of each operation that was undone or redone, whether it is undone in the end.
  private var isUndone: [CommitID: Bool] = [:]

  init(_ wish: Wish) {
    self.wish = wish
  }

  /// Takes the author's next older commit.
  mutating func look(at commit: CommitSummary) -> Verdict {
    switch commit.reference {
    case .undoes(let operation):
      guard isUndone[operation] == nil else { return .goOn }
      isUndone[operation] = true
      return wish == .redo ? .found : .goOn
    case .redoes(let operation):
      isUndone[operation] = isUndone[operation] ?? false
      return .goOn
    case .reverts, .restores, nil:
      if wish == .redo { return .nothing }
      return isUndone[commit.commit] == true ? .goOn : .found
    }
  }

  static func nothing(_ wish: Wish, _ author: Author) -> StoreError {
    StoreError(
      .notFound, "\(author) has nothing to \(wish == .undo ? "undo" : "redo") here.",
      hint: wish == .undo
        ? "`daybook log` lists the commits; `daybook revert` takes any of them back."
        : "What was undone can be redone until something else is changed.")
  }
}
