import Documents
import Git

/// Plans how changes are taken back, file by file, against what is there now:
///
/// | now | plan |
/// | --- | --- |
/// | what the change made of it | what was there before it, to the byte |
/// | what was there before it | nothing |
/// | anything else, a document or segment | its members go back, but for those that were changed again: conflicts |
/// | anything else, another file | a conflict |
///
/// Of kinds that are not reversible nothing goes back, which the plan's omissions say.
///
/// A document from before a migration comes back in the form that its kind has today, unless the migration goes back as well.
/// So going back to a point is taking back all that is different since, in which case only the first line applies.
struct HistoryPlanner {
  private let snapshot: Snapshot
  private let trees: TreeReader
  private let lifter: DocumentLifter
  /// The kinds whose version goes back.
  private var kindsGoingBack: Set<String> = []
  private(set) var plan: HistoryPlan
  /// The kinds by whose rules documents will be checked: a schema that goes back counts as it will be.
  private var kindsByName: [String: Kind] = [:]

  init(_ snapshot: Snapshot, subject: String, reference: CommitReference) throws(StoreError) {
    self.snapshot = snapshot
    let head = try snapshot.commit(at: .newest).commit.id
    let root = try StoreOpening.reading("the newest commit") { () throws(GitError) in
      try snapshot.objects.commit(head).tree
    }
    trees = TreeReader(root: root, objects: snapshot.objects)
    lifter = try snapshot.lifter()
    plan = HistoryPlan(subject: subject, reference: reference)
  }

  mutating func takeBack(_ changes: [Change]) throws(StoreError) {
    let places = changes.map { StoreLayout.place(of: $0.path, snapshot.kinds) }
    for (change, place) in zip(changes, places) where place.isNoDocument { try takeBackFile(change, place) }
    for (change, place) in zip(changes, places) where !place.isNoDocument { try takeBack(change, place) }
    try checkSeries()
  }

  private mutating func takeBack(_ change: Change, _ place: StoreLayout.Place) throws(StoreError) {
    guard let (target, current) = targetAndRevision(place) else { return }
    if current == change.before?.id { return }
    guard isReversible(place) else { return plan.omissions.append(.irreversible(change.path)) }
    if current == change.after?.id {
      let earlier = try change.before.map { revision throws(StoreError) in try read(revision.id, change) }
      let text = try earlier.map { text throws(StoreError) in try lifted(text, change.before, target) }
      if let text, ObjectID(hashing: text.bytes, as: .blob) == current { return }
      return addStep(target, change, current, text, earlier: earlier)
    }
    try merge(change, target, current)
  }

  /// Whether anything goes back there: as its kind says today, whatever of that goes back.
  private func isReversible(_ place: StoreLayout.Place) -> Bool {
    switch place {
    case .document(_, let kind), .segment(_, _, _, let kind): snapshot.kinds.all[kind].isReversible
    case .schema, .other: true
    }
  }

  /// What a path stands for, and what is there now: the index knows that of documents and segments.
  private func targetAndRevision(_ place: StoreLayout.Place) -> (Restoration.Target, ObjectID?)? {
    func kind(_ place: Int) -> Kind { kindsByName[snapshot.kinds.all[place].name] ?? snapshot.kinds.all[place] }
    switch place {
    case .document(let address, let place):
      return (.document(address, kind(place)), snapshot.index.document(Index.name(of: address))?.revision)
    case .segment(let address, let series, let number, let place):
      return (
        .segment(address, kind(place), series: series, number: number),
        snapshot.index.segmentRevision(Index.name(of: address), series, number)
      )
    case .schema, .other: return nil
    }
  }

  // MARK: Members

  private mutating func merge(
    _ change: Change, _ target: Restoration.Target, _ current: ObjectID?
  ) throws(StoreError) {
    let before = try change.before.map { revision throws(StoreError) in try read(revision.id, change) }
    let after = try change.after.map { revision throws(StoreError) in
      try lifted(try read(revision.id, change), change.after, target)
    }
    let goal = try before.map { text throws(StoreError) in try lifted(text, change.before, target) }
    let now = try current.map { revision throws(StoreError) in try read(revision, change) }
    // A segment that is not there is one without items.
    var nothing: JSONValue?
    if case .segment = target { nothing = .array([]) }
    let reversal = JSONMerge(
      takingBack: (goal?.root.value ?? nothing, after?.root.value ?? nothing), in: now?.root.value ?? nothing)
    guard reversal.collisions.isEmpty else {
      let members = reversal.collisions.map(\.pointer).filter { $0 != .root }
      return try addConflict(change.name, change.address, members)
    }
    let value = reversal.value == nothing ? nil : reversal.value
    let text = value.map { now?.changing(to: $0) ?? JSONText(formatting: $0) }
    if text?.bytes == now?.bytes { return }
    addStep(target, change, current, text, earlier: before)
  }

  // MARK: Other files

  private mutating func takeBackFile(_ change: Change, _ place: StoreLayout.Place) throws(StoreError) {
    let current = try StoreOpening.reading("the newest commit") { () throws(GitError) in
      try trees.file(at: change.path)
    }
    if current == change.before?.id { return }
    if change.path == StoreLayout.manifest, try takeBackVersions(change, current) { return }
    if let reason = try reasonToStay(change, place, current) {
      return plan.omissions.append(HistoryPlan.Omission(path: change.path, reason: reason))
    }
    guard current == change.after?.id else { return try addConflict(change.name, nil, []) }
    let bytes = try change.before.map { revision throws(StoreError) in
      try snapshot.content(revision.id, of: change.path)
    }
    plan.steps.append(
      HistoryPlan.Step(
        restoration: Restoration(
          target: .file, path: change.path, basis: current, content: bytes.map { .bytes($0) })))
  }

  /// The manifest says what the store itself is, which stays; but the versions of its kinds go back with their documents.
  private mutating func takeBackVersions(_ change: Change, _ current: ObjectID?) throws(StoreError) -> Bool {
    guard let head = snapshot.commit, let current, let before = change.before, let after = change.after else {
      return false
    }
    let now = try MigrationState(at: head.id, snapshot.objects)
    func versions(_ revision: Revision) throws(StoreError) -> [String: Int] {
      try MigrationState.versions(in: try snapshot.content(revision.id, of: change.path))
    }
    let (old, new) = (try versions(before), try versions(after))
    let kinds = Set(old.keys).union(new.keys).filter { old[$0] != new[$0] }
    if kinds.isEmpty { return false }
    guard kinds.allSatisfy({ now.versions[$0] == new[$0] }) else {
      try addConflict(change.name, nil, [])
      return true
    }
    var versions = now.versions
    for kind in kinds { versions[kind] = old[kind] }
    kindsGoingBack.formUnion(kinds)
    plan.steps.append(
      HistoryPlan.Step(
        restoration: Restoration(
          target: .file, path: change.path, basis: current,
          content: .bytes(try now.manifest(with: versions)))))
    return true
  }

  /// Why a file stays as it is. A schema goes back with the documents that kept its rules, as long as those of today are
  /// found, and their secrets sealed, by the older one too.
  private mutating func reasonToStay(
    _ change: Change, _ place: StoreLayout.Place, _ current: ObjectID?
  ) throws(StoreError) -> String? {
    if change.path == StoreLayout.manifest { return "it says what the store itself is" }
    guard case .schema(let name) = place, let now = snapshot.kinds.all.first(where: { $0.name == name }) else {
      return nil
    }
    guard let before = change.before else { return "a kind that came since harms no document" }
    let fileName = String(change.path.dropFirst(StoreLayout.schemas.count + 1))
    guard let then = try? KindCache.kind(parsing: snapshot.content(before.id, of: change.path), fileName: fileName)
    else {
      return "it cannot be read any more"
    }
    if !then.keepsFiles(of: now) { return "the kind keeps its documents elsewhere today" }
    if !then.sealsSecrets(of: now) { return "the kind has secrets today that it did not have then" }
    if current == change.after?.id { kindsByName[name] = then }
    return nil
  }

  // MARK: Steps

  private mutating func addStep(
    _ target: Restoration.Target, _ change: Change, _ current: ObjectID?, _ text: JSONText?, earlier: JSONText?
  ) {
    var restoration = Restoration(
      target: target, path: change.path, basis: current, content: text.map { .text($0) }, earlier: earlier)
    if case .document(let address, _) = target, text == nil {
      restoration.lastChange = snapshot.index.document(Index.name(of: address))?.sequence
    }
    plan.steps.append(HistoryPlan.Step(restoration: restoration))
  }

  private mutating func addConflict(
    _ name: String, _ address: DocumentAddress?, _ members: [JSONPointer]
  ) throws(StoreError) {
    let newest = address.flatMap { snapshot.index.history(of: Index.name(of: $0), limit: 1).first }
    let commit = try newest.map { state throws(StoreError) in try snapshot.commit(at: .sequence(state.sequence)) }
    plan.conflicts.append(HistoryPlan.Conflict(name: name, members: members, commit: commit))
  }

  /// A document goes away with its series only when the plan knows all of them: what was appended since is a conflict. And
  /// no segment comes back without its document.
  private mutating func checkSeries() throws(StoreError) {
    var removedSegments: [DocumentAddress: Int] = [:]
    var documents: [DocumentAddress: Bool] = [:]
    for step in plan.steps {
      switch step.restoration.target {
      case .document(let address, _): documents[address] = !step.isDeletion
      case .segment(let address, _, _, _): removedSegments[address, default: 0] += step.isDeletion ? 1 : 0
      case .file: continue
      }
    }
    for step in plan.steps {
      guard let address = step.restoration.address else { continue }
      let name = Index.name(of: address)
      let isLost =
        switch step.restoration.target {
        case .document:
          step.isDeletion && snapshot.index.segmentCount(of: name) > removedSegments[address, default: 0]
        case .segment: !step.isDeletion && !(documents[address] ?? (snapshot.index.document(name) != nil))
        case .file: false
        }
      if isLost { try addConflict(step.name, address, []) }
    }
  }

  // MARK: Reading

  private func lifted(
    _ text: JSONText, _ revision: Revision?, _ target: Restoration.Target
  ) throws(StoreError) -> JSONText {
    guard case .document(let address, let kind) = target, !kindsGoingBack.contains(kind.name) else { return text }
    return try lifter.lifted(text, revision?.id, of: kind, at: address)
  }

  private func read(_ revision: ObjectID, _ change: Change) throws(StoreError) -> JSONText {
    guard let address = change.address else { preconditionFailure("Only documents are read as JSON.") }
    return try snapshot.text(revision, of: address)
  }
}

extension HistoryPlan.Omission {
  static func irreversible(_ path: String) -> HistoryPlan.Omission {
    HistoryPlan.Omission(path: path, reason: "nothing of its kind is taken back")
  }
}

extension Kind {
  fileprivate func sealsSecrets(of other: Kind) -> Bool {
    Set(secrets.map(\.description)).isSuperset(of: other.secrets.map(\.description))
  }
}
