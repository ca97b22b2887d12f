import Documents
import Git

/// The files that one side of a merge holds, or the base of both.
///
/// It is a commit; a base can also be what several commits come to when they are joined, which is in no commit.
struct MergeSide {
  /// The commits that it holds the files of.
  private(set) var tips: [ObjectID]
  /// The later side ranks first.
  private(set) var time: Timestamp
  /// The folder of its first commit, and what differs from that; nil for a file that is not there.
  let root: ObjectID
  /// Of each kind that was ever migrated there.
  private(set) var versions: [String: Int]
  private(set) var changes: [String: ObjectID?] = [:]
  private var trees: TreeEditor

  init(_ commit: ObjectID, _ objects: ObjectReader) throws(GitError) {
    let content = try objects.commit(commit)
    tips = [commit]
    time = Timestamp(seconds: content.committer.seconds)
    root = content.tree
    versions = try MigrationState.versions(in: root, objects)
    trees = TreeEditor(root: root, objects: objects)
  }

  /// With another side joined into it, which makes these changes.
  func joining(_ other: MergeSide, _ changes: [String: ObjectID?]) -> MergeSide {
    var side = self
    side.tips += other.tips
    side.time = max(time, other.time)
    // What was older is lifted when they are joined.
    side.versions.merge(other.versions) { max($0, $1) }
    side.changes.merge(changes) { $1 }
    return side
  }

  mutating func file(at path: String) throws(GitError) -> ObjectID? {
    if let changed = changes[path] { return changed }
    return try trees.file(at: path)
  }

  /// The files under `migrations/`, by name.
  func migrations() throws(GitError) -> [String: [UInt8]] { try MigrationState.migrations(in: root, trees.objects) }

  mutating func hasFolder(at path: String) throws(GitError) -> Bool { try trees.hasFolder(at: path) }

  /// The paths of the files that differ in the other one.
  mutating func differences(to other: inout MergeSide) throws(GitError) -> Set<String> {
    var paths: Set<String> = []
    try TreeDifference(objects: trees.objects).visit(from: root, to: other.root) { path, _, _ throws(GitError) in
      paths.insert(path)
    }
    for path in Set(changes.keys).union(other.changes.keys) {
      if try file(at: path) == other.file(at: path) { paths.remove(path) } else { paths.insert(path) }
    }
    return paths
  }

  /// The files in a folder, those in folders of it as well.
  func files(in folder: String) throws(GitError) -> [String: ObjectID] {
    let reader = TreeReader(root: root, objects: trees.objects)
    var files: [String: ObjectID] = [:]
    try TreeDifference(objects: trees.objects).visit(from: nil, to: reader.folder(at: folder), under: folder) {
      path, _, id throws(GitError) in
      files[path] = id
    }
    for (path, id) in changes where path.hasPrefix(folder + "/") { files[path] = id }
    return files
  }

  /// One of its values with what it is ranked by.
  func ranked<Value: Sendable>(_ value: Value) -> Ranked<Value> {
    Ranked(value, at: time, name: tips.map(\.hex).max() ?? "")
  }
}
