import Git

/// The store's newest state as the writer holds it, and the step from one commit to the next.
///
/// The step is a function of this state and the changed files, with the time and message handed in: replaying the log
/// takes the very same one, so the same commits come out, byte for byte.
///
/// It cannot be copied: a copy would share the folders, and the next change would copy them all.
struct CommitBuilder: ~Copyable {
  private(set) var index: Index
  private(set) var head: ObjectID?
  private(set) var sequence: UInt64
  private var trees: TreeEditor

  /// Everyone's commits are made by the same hand; who wished them is the author.
  static let committerName = "Daybook"
  static let committerEmail = "daybook@localhost"

  init(index: Index, head: ObjectID?, sequence: UInt64, trees: TreeEditor) {
    self.index = index
    self.head = head
    self.sequence = sequence
    self.trees = trees
  }

  /// A commit that was made without us and becomes a parent of ours.
  struct JoinedCommit {
    let id: ObjectID
    let sequence: UInt64

    init(_ id: ObjectID, _ objects: ObjectReader) throws(GitError) {
      self.id = id
      var sequences = CommitSequences(objects: objects)
      sequence = try sequences.sequence(of: objects.commit(id))
    }
  }

  /// A commit that was decided on: its objects and what the log must say of it.
  struct Outcome {
    var sequence: UInt64
    var commit: ObjectID
    /// Blobs, trees, the commit, in the order in which they depend on each other.
    var objects: [GitObject]
    var files: [ChangedFile]
    /// Whether each file's basis is what the commit before held. Of a file that is in no index only a person's wish is
    /// known.
    var knowsBefore: Bool
    var record: CommitRecord
  }

  /// The newest commit's folder; nil when there is none.
  var root: ObjectID? { trees.root }

  /// What a path holds in the newest commit, for files that are no documents.
  mutating func file(at path: String) throws(GitError) -> ObjectID? {
    try trees.file(at: path)
  }

  /// Whether changes still fit: nobody wrote the same files since they were prepared.
  func holds(_ changes: [FileChange]) -> Bool {
    let together = changes.count > 1 ? DocumentsTogether(changes) : DocumentsTogether([])
    return changes.allSatisfy { holds($0, together) }
  }

  /// Whether documents that are to stay as they are still are so.
  func holds(_ kept: [KeptDocument]) -> Bool {
    kept.allSatisfy { index.document($0.name)?.revision == $0.revision }
  }

  private func holds(_ change: FileChange, _ together: DocumentsTogether) -> Bool {
    guard let name = change.index?.name else { return true }
    switch change.index?.content {
    case .document(let revision):
      guard index.document(name)?.revision == change.basis else { return false }
      // A segment cannot outlive its document.
      return revision != nil || index.segmentCount(of: name) == together.removedSegments[name, default: 0]
    case .segment(let series, let number, let segment):
      guard segment == nil || index.document(name) != nil || together.created.contains(name) else { return false }
      if change.endsSeries, index.lastSegment(of: name, series: series)?.number != number { return false }
      return index.segmentRevision(name, series, number) == change.basis
    case nil: return true
    }
  }

  /// What one transaction does to documents and to their segments, which fit only together.
  private struct DocumentsTogether {
    var created: Set<[UInt8]> = []
    var removedSegments: [[UInt8]: Int] = [:]

    init(_ changes: [FileChange]) {
      for change in changes {
        switch change.index?.content {
        case .document(_?) where change.basis == nil: created.insert(change.index?.name ?? [])
        case .segment(_, _, nil): removedSegments[change.index?.name ?? [], default: 0] += 1
        default: continue
        }
      }
    }
  }

  /// Commits never go back in time, whatever the clock does.
  func seconds(atOrAfter now: Int64) -> Int64 { max(now, index.newestSeconds) }

  /// One more than the largest sequence of its parents.
  func next(joining other: JoinedCommit?) -> UInt64 { max(sequence, other?.sequence ?? 0) + 1 }

  /// Makes the next commit. With `joining` it has that one as its second parent.
  mutating func commit(
    _ changes: [FileChange], author: Signature, subject: String, origin: Origin, reference: CommitReference? = nil,
    request: String? = nil, node: String? = nil, joining other: JoinedCommit? = nil
  ) throws(GitError) -> Outcome {
    let message = CommitMessage.text(
      subject: subject, sequence: next(joining: other), origin: origin, reference: reference, request: request,
      node: node)
    return try commit(changes, author: author, message: message, joining: other)
  }

  /// Makes the next commit with its whole message given, as replaying does.
  mutating func commit(
    _ changes: [FileChange], author: Signature, message: String, joining other: JoinedCommit? = nil
  ) throws(GitError) -> Outcome {
    let next = next(joining: other)
    var objects = changes.compactMap(\.content)
    let before = trees.root
    let newTrees = try trees.apply(changes.map { ($0.path, $0.content?.id) })
    objects.append(contentsOf: newTrees)
    guard let root = trees.root else { throw GitError(.failed, "make a commit", "it would hold no file at all") }
    let committer = Signature(name: Self.committerName, email: Self.committerEmail, seconds: author.seconds)
    let object = Commit(
      tree: root, parents: [head, other?.id].compactMap { $0 }, author: author, committer: committer, message: message
    ).object
    objects.append(object)

    let files = changes.map { CommitRecord.File(path: $0.path, basis: $0.basis, content: $0.content?.content) }
    let record = CommitRecord(
      sequence: next, parent: head, commit: object.id, author: author, message: message, files: files,
      joined: other?.id)
    let schemas = changes.compactMap { $0.index == nil ? SchemaFile(path: $0.path, bytes: $0.content?.content) : nil }
    if schemas.isEmpty {
      index.apply(changes.compactMap(\.index), sequence: next)
    } else {
      do {
        trees.objects.stage(objects)
        index = try index(after: changes, schemas, root: root, next)
      } catch {
        trees = TreeEditor(root: before, objects: trees.objects)
        throw error
      }
    }
    index.add(object.id, at: next, seconds: author.seconds)
    sequence = next
    head = object.id
    let changed = changes.map { ChangedFile(path: $0.path, basis: $0.basis, id: $0.content?.id) }
    return Outcome(
      sequence: sequence, commit: object.id, objects: objects, files: changed,
      knowsBefore: changes.allSatisfy { $0.index != nil }, record: record)
  }

  /// With a changed schema the index goes on with other kinds.
  private func index(
    after changes: [FileChange], _ schemas: [SchemaFile], root: ObjectID, _ sequence: UInt64
  ) throws(GitError) -> Index {
    var index = index
    index.apply(changes.compactMap(\.index), sequence: sequence)
    let kinds = index.kinds.changingWhereGood(schemas)
    try KindsStep(objects: trees.objects).take(kinds, into: &index, root: root, sequence: sequence)
    return index
  }
}
