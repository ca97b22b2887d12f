import Documents
import Git

/// What a migration would write, worked out on one snapshot: every document of its kinds, brought to another version and
/// checked against the schema that is there.
struct MigrationPlan {
  let migrations: [Migration]
  let snapshot: Snapshot
  let preparer: Preparer
  let workingFiles: WorkingFiles
  private(set) var operations: [Operation] = []
  private(set) var changes: [FileChange] = []
  private(set) var documents = 0
  /// What could not be taken back, and for how many documents.
  private(set) var loss: [String: Int] = [:]
  private var waiting: [Operation] = []
  private var bytes = 0

  init(_ migrations: [Migration], _ snapshot: Snapshot, _ preparer: Preparer, _ workingFiles: WorkingFiles) {
    self.migrations = migrations
    self.snapshot = snapshot
    self.preparer = preparer
    self.workingFiles = workingFiles
  }

  private struct Step {
    var kind: Kind
    var migrations: [Migration]
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
      while let document = try scan.next() {
        documents += 1
        try raise(document, step)
      }
    }
    try flush()
  }

  private mutating func raise(_ document: Document, _ step: Step) throws(StoreError) {
    let old = document.root.value
    var value = old
    for migration in step.migrations {
      for lossy in migration.lossySteps(on: value) { loss["\(migration.name): \(lossy)", default: 0] += 1 }
      value = migration.applied(to: value)
    }
    guard value != old else {
      return try Preparer.validate(document.root, against: step.kind.schema, "\(document.address)")
    }
    try change(document, to: value, step.kind)
  }

  // MARK: Down

  /// What nobody changed since gets back the very text that it had before; what came later takes the inverse steps.
  mutating func down(from run: MigrationRuns.Run) throws(StoreError) {
    for step in try kinds() {
      var scan = snapshot.documents(of: step.kind)
      while let document = try scan.next() {
        documents += 1
        try lower(document, from: run, step)
      }
    }
    try flush()
  }

  private mutating func lower(
    _ document: Document, from run: MigrationRuns.Run, _ step: Step
  ) throws(StoreError) {
    let history = snapshot.index.history(of: Index.name(of: document.address), before: run.sequence + 1, limit: 2)
    guard let migrated = history.first, migrated.revision == document.revision.id else {
      return try lower(document, step)
    }
    guard migrated.sequence == run.sequence, let before = history.dropFirst().first?.revision else { return }
    try put(document, try snapshot.text(before, of: document.address))
  }

  private mutating func lower(_ document: Document, _ step: Step) throws(StoreError) {
    let old = document.root.value
    let value = step.migrations.reversed().reduce(old) { $1.undone(on: $0) }
    guard step.migrations.reduce(value, { $1.applied(to: $0) }) == old else {
      loss["\(document.address), which was changed since", default: 0] += 1
      return
    }
    if value != old { try change(document, to: value, step.kind) }
  }

  // MARK: Collecting

  private mutating func change(_ document: Document, to value: JSONValue, _ kind: Kind) throws(StoreError) {
    let text = try preparer.sealer.resealingMoved(
      from: document.text, to: document.text.changing(to: value), secrets: kind.secrets, address: document.address)
    try put(document, text)
  }

  private mutating func put(_ document: Document, _ text: JSONText) throws(StoreError) {
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
