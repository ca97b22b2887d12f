public import Documents
import Git

extension Snapshot {
  /// Plans to take back what a commit did, against the one before it. What happened to other members since stays.
  public func planRevert(of point: Point) throws(StoreError) -> HistoryPlan {
    let commit = try commit(at: point)
    return try plan(takingBack: commit, "Revert \"\(commit.subject)\"", .reverts(commit.commit))
  }

  /// Plans to bring a document and its series back to what they were at a point: also one that is deleted today; one that
  /// did not exist then goes away.
  public func planRevert(of address: String, to point: Point) throws(StoreError) -> HistoryPlan {
    let commit = try commit(at: point)
    let changes = try changes(from: point, to: .newest, of: address)
    if changes.isEmpty, index.history(of: Index.name(of: try kinds.address(address)), limit: 1).isEmpty {
      throw StoreError(.notFound, "There never was a document '\(address)'.", document: address)
    }
    var planner = try HistoryPlanner(
      self, subject: "\(address): back to #\(commit.sequence)", reference: .restores(commit.commit))
    try planner.takeBack(changes)
    return planner.plan
  }

  /// Plans to bring one member of a document back to what it was at a point; one that it did not have then goes away.
  ///
  /// The pointer is read in the document of today; elements of a list that have ids are found by them in the older one.
  public func planRevert(of address: String, member: JSONPointer, to point: Point) throws(StoreError) -> HistoryPlan {
    let past = try past(at: point)
    guard let now = try document(address) else { throw Preparer.missing(try kinds.address(address)) }
    guard let then = try past.document(address) else {
      throw StoreError(
        .notFound, "There was no document '\(address)' in commit #\(past.commit.sequence).",
        hint: "`daybook log \(address)` shows when there was.", document: address)
    }
    var plan = HistoryPlan(
      subject: "\(address): \(member) back to #\(past.commit.sequence)", reference: .restores(past.commit.commit))
    let kind = try kinds.kind(of: now.address.collection.text)
    let path = try StoreLayout.path(of: now.address, kind)
    guard kind.isReversible else {
      plan.omissions.append(.irreversible(path))
      return plan
    }
    let old = try lifter().lifted(then.text, then.revision.id, of: kind, at: now.address)
    guard let value = try now.text.root.value.restoring(member, from: old.root.value) else {
      throw StoreError(.notFound, "'\(address)' has no member \(member), and had none then.", document: address)
    }
    let text = now.text.changing(to: value)
    if text.bytes == now.text.bytes { return plan }
    plan.steps = [
      HistoryPlan.Step(
        restoration: Restoration(
          target: .document(now.address, kind), path: path, basis: now.revision.id,
          content: .text(text), earlier: then.text))
    ]
    return plan
  }

  /// Plans to bring the whole store back to what it was at a point, as one new commit.
  ///
  /// Schemas and other files go back as well, but for those that the plan's `omissions` name: the store's own
  /// `daybook.json`, a schema that came since, one under which today's documents would not be found, or their secrets
  /// not be sealed, and documents of kinds that are not reversible. A document must keep the rules of its kind as they will
  /// be then; otherwise nothing is written.
  public func planRollback(to point: Point) throws(StoreError) -> HistoryPlan {
    let commit = try commit(at: point)
    var planner = try HistoryPlanner(
      self, subject: "Roll back to #\(commit.sequence)", reference: .restores(commit.commit))
    try planner.takeBack(try changes(from: point, to: .newest))
    return planner.plan
  }

  /// Plans to take back the last operation of an author: the newest commit by them and from this origin that is not undone
  /// and of which there is anything left.
  ///
  /// Which those are is read from the history itself, so it does not matter when and where the store was opened since.
  ///
  /// - Parameter admits: whether a plan is in question at all; others are passed over.
  /// - Throws: `.notFound` when there is none among the last `Limits.undoneCommits` commits.
  public func planUndo(
    by author: Author, origin: Origin, where admits: (HistoryPlan) -> Bool = { _ in true }
  ) throws(StoreError) -> HistoryPlan {
    try firstPlan(.undo, by: author, origin, where: admits) { commit throws(StoreError) in
      try plan(takingBack: commit, "Undo \"\(commit.subject)\"", .undoes(commit.commit))
    }
  }

  /// Plans to do again what the author undid last; nothing can be redone once they have changed something else.
  public func planRedo(by author: Author, origin: Origin) throws(StoreError) -> HistoryPlan {
    try firstPlan(.redo, by: author, origin, where: { _ in true }) { undoing throws(StoreError) in
      guard let undone = undoing.reference?.commit else { preconditionFailure("What is redone undoes something.") }
      let commit = try commit(at: .commit(undone))
      return try plan(takingBack: undoing, "Redo \"\(commit.subject)\"", .redoes(undone))
    }
  }

  private func plan(
    takingBack commit: CommitSummary, _ subject: String, _ reference: CommitReference
  ) throws(StoreError) -> HistoryPlan {
    try refuseBeginning(commit)
    var planner = try HistoryPlanner(self, subject: subject, reference: reference)
    try planner.takeBack(try changes(in: commit))
    return planner.plan
  }

  /// The first commit of a folded history looks as if it had made all that was there: taken back, all of that would go.
  private func refuseBeginning(_ commit: CommitSummary) throws(StoreError) {
    guard objects.horizon.borders.contains(commit.commit.id) else { return }
    throw StoreError(
      .refused, "What commit #\(commit.sequence) changed is not known any more, so it cannot be taken back.",
      hint: HistoryBeginning(index: index, horizon: objects.horizon).hint)
  }

  /// The plan for the newest commit in question that leaves anything to do.
  private func firstPlan(
    _ wish: UndoSearch.Wish, by author: Author, _ origin: Origin, where admits: (HistoryPlan) -> Bool,
    _ plan: (CommitSummary) throws(StoreError) -> HistoryPlan
  ) throws(StoreError) -> HistoryPlan {
    // As it stands in commits, which drop what Git cannot keep.
    let signature = Signature(name: author.name, email: author.email, seconds: 0)
    let author = Author(name: signature.name, email: signature.email)
    var search = UndoSearch(wish)
    for (sequence, id) in index.commits(before: nil, limit: Limits.undoneCommits) {
      let commit = try summary(id, sequence)
      guard commit.author == author, commit.origin == origin else { continue }
      switch search.look(at: commit) {
      case .found:
        let plan = try plan(commit)
        if !plan.isEmpty, admits(plan) { return plan }
      case .nothing: throw UndoSearch.nothing(wish, author)
      case .goOn: continue
      }
    }
    throw UndoSearch.nothing(wish, author)
  }
}

extension JSONValue {
  /// This value with one member as another value has it; nil when neither has it.
  fileprivate func restoring(_ pointer: JSONPointer, from then: JSONValue) throws(StoreError) -> JSONValue? {
    let counterpart = self.counterpart(of: pointer, in: then)
    let operation: JSONPatch.Operation
    switch (self[pointer], then[counterpart]) {
    case (nil, nil): return nil
    case (.some, let value?): operation = .replace(pointer, value)
    case (.some, nil): operation = .remove(pointer)
    case (nil, let value?): operation = .add(pointer, value)
    }
    do {
      return try JSONPatch([operation]).applied(to: self)
    } catch {
      throw StoreError(
        .conflict, "\(pointer) cannot go back: what it was in is not there any more.",
        hint: "Bring back the member above it.", cause: error)
    }
  }
}
