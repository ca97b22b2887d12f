import Documents
import Git

/// What a migration would write, worked out on one snapshot: every document of its kinds, brought to another version and
/// checked against the schema that is there.
struct MigrationPlan {
  let migrations: [Migration]
  let snapshot: Snapshot
  let preparer: Preparer
  let workingFiles: WorkingFiles
  let allowsLoss: Bool
  private(set) var operations: [Operation] = []
  private(set) var changes: [FileChange] = []
  private(set) var documents = 0
  /// What could not be taken back, and for how many documents.
  private(set) var loss: [String: Int] = [:]
  private var waiting: [Operation] = []
  private var bytes = 0

  init(
    _ migrations: [Migration], _ snapshot: Snapshot, _ preparer: Preparer, _ workingFiles: WorkingFiles,
    allowsLoss: Bool
  ) {
    self.migrations = migrations
    self.snapshot = snapshot
    self.preparer = preparer
    self.workingFiles = workingFiles
    self.allowsLoss = allowsLoss
  }

  private struct Step {
    var kind: Kind
    var migrations: [Migration]

    func applied(to value: JSONValue) -> JSONValue { migrations.reduce(value) { $1.applied(to: $0) } }

    func undone(on value: JSONValue) -> JSONValue { migrations.reversed().reduce(value) { $1.undone(on: $0) } }
  }

  /// What a document was before a run, and what the run made of it.
  private struct Past {
    var before: ObjectID
    var migrated: ObjectID
  }

  /// The kinds that the migrations speak of, each with its own.
  private func kinds() throws(StoreError) -> [Step] {
    var steps: [Step] = []
    for name in Set(migrations.map(\.kind)).sorted() {
      guard let kind = snapshot.kinds.all.first(where: { $0.name == name }) else {
        throw StoreError(
          .notFound, "There is no kind '\(name)', of which a migration speaks.", hint: "`daybook kinds` lists them.")
      }
      steps.append(Step(kind: kind, migrations: migrations.filter { $0.kind == name }))
    }
    return steps
  }

  // MARK: Up

  mutating func up() throws(StoreError) {
    for step in try kinds() {
      var scan = snapshot.documents(of: step.kind)
      while let document = try scan.next() { try raise(document, step) }
    }
    try flush()
  }

  private mutating func raise(_ document: Document, _ step: Step) throws(StoreError) {
    documents += 1
    let old = document.root.value
    var value = old
    for migration in step.migrations {
      for lossy in migration.lossySteps(on: value) { loss["\(migration.name): \(lossy)", default: 0] += 1 }
      value = migration.applied(to: value)
    }
    guard value != old else { return try put(document, document.text, step.kind) }
    try change(document, to: value, step.kind)
  }

  // MARK: Down

  /// What nobody changed since gets back the very text that it had before; what came later takes the inverse steps.
  mutating func down(from run: MigrationRuns.Run) throws(StoreError) {
    for step in try kinds() {
      var scan = snapshot.documents(of: step.kind)
      while let document = try scan.next() { try lower(document, past(of: document, around: run.sequence), step) }
    }
    try flush()
  }

  /// Nil for a document that was made, or came back, after the run.
  private func past(of document: Document, around sequence: UInt64) -> Past? {
    let name = Index.name(of: document.address)
    let isChanged = document.sequence > sequence
    if isChanged, let comeback = snapshot.index.comeback(of: name), comeback > sequence { return nil }
    let history = snapshot.index.history(of: name, before: sequence + 1, limit: 2)
    guard let newest = history.first, let migrated = newest.revision else { return nil }
    let isOfTheRun = newest.sequence == sequence
    guard let before = isOfTheRun ? history.dropFirst().first?.revision : migrated else { return nil }
    return Past(before: before, migrated: migrated)
  }

  /// The inverse steps cannot know what a document was: whether it had the default before, or the new name already. So
  /// what they make of the migrated text is compared with the text before, and the difference goes into what they make
  /// of the newest one.
  private mutating func lower(_ document: Document, _ past: Past?, _ step: Step) throws(StoreError) {
    documents += 1
    let text = try past.map { past throws(StoreError) in try snapshot.text(past.before, of: document.address) }
    if let text, past?.migrated == document.revision.id { return try put(document, text, step.kind) }
    let newest = document.root.value
    var value = step.undone(on: newest)
    var isWhole = true
    if let past, let before = text?.root.value {
      let migrated = try snapshot.text(past.migrated, of: document.address).root.value
      let made = step.undone(on: migrated)
      let merge = JSONMerge(base: made, ours: value, theirs: before.takingSealedValues(from: made))
      value = merge.value ?? value
      // What was replaced since, where the migration had changed nothing, is no loss.
      isWhole = merge.collisions.allSatisfy { collision in
        before[collision.pointer] == migrated[collision.pointer]
          && value[collision.pointer] == newest[collision.pointer]
      }
    }
    if !isWhole || step.applied(to: value) != newest {
      loss["\(document.address), which was changed since", default: 0] += 1
      guard allowsLoss else { return }
    }
    try change(document, to: value, step.kind, before: text)
  }

  // MARK: Collecting

  private mutating func change(
    _ document: Document, to value: JSONValue, _ kind: Kind, before: JSONText? = nil
  ) throws(StoreError) {
    let text = try preparer.sealer.resealingMoved(
      from: [document.text, before].compactMap(\.self), to: document.text.changing(to: value), secrets: kind.secrets,
      address: document.address)
    try put(document, text, kind)
  }

  /// What stays as it is is checked as well: the schema may be another one.
  private mutating func put(_ document: Document, _ text: JSONText, _ kind: Kind) throws(StoreError) {
    guard text.bytes != document.text.bytes else {
      return try Preparer.validate(document.root, against: kind.schema, "\(document.address)")
    }
    bytes += text.bytes.count
    guard bytes <= Limits.migrationBytes else {
      throw StoreError(
        .limit, "The migration would change more than \(Limits.migrationBytes >> 20) MiB, the most for one commit.")
    }
    waiting.append(.put(document.address, .text(text), .revision(document.revision)))
    if waiting.count >= Limits.migrationBatch { try flush() }
  }

  /// A file that is no document, together with what it is known to hold.
  mutating func add(_ file: String, _ bytes: [UInt8], replacing basis: ObjectID?) throws(StoreError) {
    let content = GitObject(.blob, bytes, predecessor: basis)
    let summary = FileChange.Summary(name: file, words: "written", isDocument: false)
    let change = FileChange(path: file, basis: basis, content: content, index: nil, summary: summary)
    if try workingFiles.edit(at: file, revisions: [content.id, basis]) != nil {
      throw StoreError(
        .conflict, "The file \(file) was edited by hand, and that is not in the store yet.",
        hint: "Commit the edit with Git, or drop it with `git checkout -- \(file)`.", document: file)
    }
    changes.append(change)
    operations.append(.file(path: file, bytes))
  }

  private mutating func flush() throws(StoreError) {
    changes += try preparer.prepare(waiting, on: snapshot.index)
    operations += waiting
    waiting = []
  }
}
