import Documents
import Git

/// Lifts what a side holds of an older version of a kind to the version that the merge will have, so that both sides are
/// joined in the same form: an edit of a member that the other side renamed is an edit of the renamed one.
///
/// It needs no key, as nothing in a merge does. A text whose secrets would come to other places stays as it is: it is lifted
/// where it arrives, by whoever can seal them again (`ArrivingVersions`).
struct MergeVersions {
  private var versions: [String: Int] = [:]
  private var migrations: [Migration] = []

  init() {}

  init(of one: MergeSide, and other: MergeSide) throws(GitError) {
    guard one.versions != other.versions else { return }
    versions = one.versions.merging(other.versions) { max($0, $1) }
    var files: [String: [UInt8]] = [:]
    for side in [one, other] { files.merge(try side.migrations()) { first, _ in first } }
    // Those of a newer program are not let in as far as here: see `NewerForm`.
    migrations = (try? MigrationState.migrations(in: files)) ?? []
  }

  /// The kinds of which a side has an older version than the other.
  func isOlder(_ kind: Kind, in side: MergeSide) -> Bool {
    side.versions[kind.name] ?? 0 < versions[kind.name] ?? 0
  }

  func lifted(_ text: JSONText, of kind: Kind, from side: MergeSide) -> JSONText {
    guard isOlder(kind, in: side) else { return text }
    let (old, new) = (side.versions[kind.name] ?? 0, versions[kind.name] ?? 0)
    let steps = migrations.filter { $0.kind == kind.name && $0.number > old && $0.number <= new }
    return Lifting.applied(steps, to: text)
  }
}
