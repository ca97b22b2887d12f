import Documents
import Git

/// Tells of which version of their kinds texts are that arrive on the branch, and lifts them (`Lifting`).
///
/// The store will have the newest version that either side has. A text of theirs that a commit brought which was begun
/// before that is of the version that this commit says; `git merge` takes such texts as they are.
struct ArrivingVersions {
  enum Side: Hashable {
    case base, ours, theirs
  }

  private struct Place: Hashable {
    var path: String
    var id: ObjectID
  }

  private let lifting: Lifting
  private var sides: [Side: [String: Int]] = [:]
  /// The versions that the commit says which brought a text, where they are not those of theirs.
  private var older: [Place: [String: Int]] = [:]

  init(_ move: BranchMerge.Move, ours: ObjectID?, _ preparer: Preparer) throws {
    let objects = preparer.objects
    let theirs = try MigrationState(at: move.theirs, objects)
    let mine = try ours.map { try MigrationState(at: $0, objects) }
    sides[.theirs] = theirs.versions
    sides[.ours] = mine?.versions ?? [:]
    sides[.base] = try move.base.map { try MigrationState(at: $0, objects).versions } ?? [:]
    let newest = theirs.versions.merging(mine?.versions ?? [:]) { max($0, $1) }
    let files = theirs.files.merging(mine?.files ?? [:]) { theirs, _ in theirs }
    lifting = try Lifting(to: newest, by: files, preparer.sealer)
    guard !lifting.versions.isEmpty else { return }
    let commits = try objects.withRepository { repository throws(GitError) in
      try repository.commits(after: move.base, through: move.theirs)
    }
    for id in commits { try note(id, objects) }
  }

  var liftsOurs: Bool { lifting.versions.contains { sides[.ours]?[$0.key] ?? 0 < $0.value } }

  private mutating func note(_ id: ObjectID, _ objects: ObjectReader) throws {
    let versions = try MigrationState(at: id, objects).versions
    let isOlder = lifting.versions.contains { versions[$0.key] ?? 0 < $0.value }
    let commit = try objects.commit(id)
    let before = try commit.parents.first.map { parent throws(GitError) in try objects.commit(parent).tree }
    try TreeDifference(objects: objects).visit(from: before, to: commit.tree) { path, _, new throws(GitError) in
      guard let new else { return }
      let place = Place(path: path, id: new)
      // A merge brings again what a commit behind it has brought.
      if isOlder { older[place] = versions } else if commit.parents.count < 2 { older[place] = nil }
    }
  }

  func lifted(
    _ text: JSONText, _ id: ObjectID, at path: String, of kind: Kind, _ address: DocumentAddress, _ side: Side
  ) throws(StoreError) -> JSONText {
    guard let newest = lifting.versions[kind.name] else { return text }
    var versions = sides[side]
    if side == .theirs, let told = older[Place(path: path, id: id)] { versions = told }
    let version = versions?[kind.name] ?? 0
    return try lifting.lifted(text, of: kind, at: address, from: version < newest ? version : nil)
  }
}
