import Git
package import Storage

/// Folds the history of a store: its commits up to one that is old enough go, with all that only they hold.
///
/// ```
/// store opened, closed and taken ─▶ plan ─▶ one pack of all that stays, proven ─▶
///   `.git/shallow` ─▶ reflogs ─▶ the other packs go
/// ```
///
/// Opening and closing it first puts right what a crash left: the log, files that are behind and marks of migrations name
/// commits that may go. Whatever happens later, the store is whole: before `.git/shallow` there is a pack too many, after it
/// packs that nobody needs, which the next folding takes away. Loose objects and packs with a `.keep` stay: they are Git's,
/// or a person's.
struct FoldRun {
  let root: String
  /// Up to when commits go, in seconds since 1970.
  let seconds: Int64
  let isDryRun: Bool
  /// The machines for whose sake nothing is kept.
  let leaving: Set<String>
  let options: StoreOptions
  let fileSystem: any FileSystem

  private var packs: PackFolder { PackFolder(fileSystem: fileSystem, path: "\(root)/\(StoreLayout.packs)") }
  private var storeHorizon: StoreHorizon { StoreHorizon(root: root, fileSystem: fileSystem) }

  func run() throws(StoreError) -> FoldReport {
    let opening = StoreOpening(root: root, options: options, fileSystem: fileSystem, clock: .system)
    let own = try settle(opening)
    let lock = try opening.takeLock()
    defer { lock.close() }
    guard try opening.isClean() else {
      throw StoreError(.busy, "Somebody used the store just now, and left work to be done.", hint: "Fold again.")
    }
    let horizon = try storeHorizon.settle()
    do {
      try refuseUnfinishedWork()
      let staged = StagedObjects()
      let repository = try Repository.open(at: root, staged: staged, horizon: horizon)
      let branch = try opening.branch(of: repository)
      let objects = ObjectReader(repository: repository, staged: staged, cacheBytes: 0)
      return try fold(objects, branch, leaving: leaving.union([own]))
    } catch let error as StoreError {
      throw error
    } catch {
      throw StoreError(
        .unavailable, "The history could not be folded; the store is whole.", hint: "Run `daybook check`.",
        cause: error)
    }
  }

  /// Puts right what a crash left. Answers the name of this machine, which remotes say nothing new of.
  private func settle(_ opening: StoreOpening) throws(StoreError) -> String {
    let store = try opening.open()
    do throws(StoreError) {
      let (own, known) = (try store.place(), Set(try store.machines().map(\.name)))
      for name in leaving where !known.contains(name) {
        throw StoreError(
          .notFound, "No remote's register names a machine '\(name)'.",
          hint: "`daybook remote machines` shows those that were named at the last sync.")
      }
      try store.closeBlocking()
      return own
    } catch {
      try? store.closeBlocking()
      throw error
    }
  }

  /// What somebody is in the middle of may stand on what would go, and is in no ref.
  private func refuseUnfinishedWork() throws {
    if let activity = try GitActivity(root: root, fileSystem: fileSystem).current() {
      throw StoreError(.busy, "A Git command is at work in the store: \(activity).", hint: "End it first.")
    }
    let git = "\(root)/\(StoreLayout.git)"
    if try fileSystem.exists("\(git)/worktrees"), try !fileSystem.list("\(git)/worktrees").isEmpty {
      throw StoreError(
        .refused, "The store has other working trees, which may stand on what would go.",
        hint: "`git worktree list` names them, `git worktree remove` takes them away.")
    }
    if try fileSystem.exists("\(git)/\(Reflogs.stash)") {
      throw StoreError(
        .refused, "There is work that was put away with `git stash`, which may stand on what would go.",
        hint: "`git stash pop` brings it back, `git stash drop` takes it away.")
    }
  }

  /// From where all that stays is found, and what may change while others work in the store by Git.
  private struct Foundation: Equatable {
    var references: [Reference]
    var index: [UInt8]
  }

  private func foundation(_ objects: ObjectReader) throws -> Foundation {
    let path = "\(root)/\(StoreLayout.gitIndex)"
    return Foundation(
      references: try objects.withRepository { repository throws(GitError) in try repository.references() },
      index: try fileSystem.exists(path) ? try fileSystem.read(path) : [])
  }

  private func plan(
    _ objects: ObjectReader, _ branch: String, leaving: Set<String>
  ) throws(GitError) -> (FoldPlan?, [FoldHolder]) {
    try objects.withRepository { repository throws(GitError) in
      guard let tips = try FoldTips(of: repository, branch: branch, leaving: leaving) else { return (nil, []) }
      let history = try tips.history(in: repository)
      let plan = try FoldPlan.plan(history, of: tips, before: seconds, in: repository)
      var holders: [FoldHolder] = []
      for reference in tips.holding(history, at: plan?.commit, upTo: seconds) {
        let position = try CommitPosition(reference.id, in: repository)
        holders.append(FoldHolder(reference: reference.name, position: position))
      }
      return (plan, holders)
    }
  }

  private func fold(_ objects: ObjectReader, _ branch: String, leaving: Set<String>) throws -> FoldReport {
    let foundation = try foundation(objects)
    let (found, holders) = try plan(objects, branch, leaving: leaving)
    guard var plan = found else { return FoldReport(holders: holders) }
    let old = try packs.packs().filter { !$0.isKept }
    var reader = PackReader(try old.map { try packs.file($0.name) }) { id in
      try objects.withRepository { repository throws(GitError) in try repository.object(id) }
    }
    let kept = try ReachableObjects.find(
      from: foundation.references.map(\.id) + indexed(foundation.index, objects), behind: plan.horizon, &reader)
    // What an earlier folding kept for a ref that is gone by now goes as well.
    plan.horizon.borders.formIntersection(kept)
    let commit = try objects.commit(plan.commit)
    var report = FoldReport(
      commit: CommitID(plan.commit), seconds: commit.committer.seconds, sequence: CommitSequences.said(by: commit),
      commits: plan.commits, holders: holders)
    report.objects = try gone(plan, objects, &reader).subtracting(kept).count
    report.bytesBefore = old.reduce(0) { $0 + $1.bytes + $1.indexBytes }
    report.bytesAfter =
      try isDryRun
      ? measure(kept, reader)
      : replace(old, by: kept, reader, plan) {
        try self.foundation(objects) == foundation
      }
    return report
  }

  /// All that commits lead to whose history goes.
  private func gone(_ plan: FoldPlan, _ objects: ObjectReader, _ reader: inout PackReader) throws -> Set<ObjectID> {
    let present = try objects.withRepository { repository throws(GitError) in
      plan.parents.filter { repository.contains($0) }.sorted()
    }
    return try ReachableObjects.find(from: present, behind: objects.horizon, &reader)
  }

  /// What Git's index names may be in no commit yet.
  private func indexed(_ file: [UInt8], _ objects: ObjectReader) throws -> [ObjectID] {
    let index = file.isEmpty ? IndexFile() : try IndexFile(parsing: file)
    let ids = Set((0..<index.count).map { index.id(at: $0) })
    return try objects.withRepository { repository throws(GitError) in ids.filter { repository.contains($0) } }
  }

  // MARK: Writing

  /// How large the pack of these objects is to be, with its index.
  private func measure(_ kept: Set<ObjectID>, _ reader: PackReader) throws -> Int {
    var bytes = 0
    try PackCopy.write(kept, from: reader) { bytes += $0.count }
    return bytes + PackFile.indexBytes(objects: kept.count)
  }

  private func replace(
    _ old: [PackFolder.Pack], by kept: Set<ObjectID>, _ reader: PackReader, _ plan: FoldPlan,
    ifStill isAsBefore: () throws -> Bool
  ) throws -> Int {
    let pack = try write(kept, reader, plan)
    try refuseUnfinishedWork()
    guard try isAsBefore() else {
      throw StoreError(
        .busy, "Somebody worked in the store by Git while its history was about to be folded; nothing went.",
        hint: "Fold again.")
    }
    try storeHorizon.move(to: plan.horizon)
    try Reflogs(root: root, fileSystem: fileSystem).keep { kept.contains($0) }
    for other in old where other.name != pack.name { try packs.remove(other.name) }
    return try packs.packs().first { $0.name == pack.name }.map { $0.bytes + $0.indexBytes } ?? 0
  }

  /// Puts the pack of what stays beside the others.
  private func write(_ kept: Set<ObjectID>, _ reader: PackReader, _ plan: FoldPlan) throws -> PackFile {
    try LocalPackStorage(fileSystem: fileSystem).add(to: "\(root)/\(StoreLayout.objects)") { sink in
      try PackCopy.write(kept, from: reader, sink: sink)
    } prove: { bytes in
      try PackFile(proving: bytes, lacking: plan.parents)
    }
  }
}

extension Store {
  /// Folds the history of the store in a folder, which nobody may have open: commits that were made before a time go, with
  /// all that only they hold, up to one that all later ones come from. With that the history begins then.
  ///
  /// - Parameters:
  ///   - seconds: The time, in seconds since 1970.
  ///   - isDryRun: Whether to say what would go, and let nothing go.
  ///   - leaving: Machines of remotes' registers for whose sake nothing is kept: those that are to be left behind.
  /// - Throws: `.busy` when another process owns the store, or a Git command is at work in it; `.notFound` for a machine that no
  ///   register names; `.refused` when somebody's unfinished work may need what would go.
  package static func fold(
    at path: String, before seconds: Int64, isDryRun: Bool = false, leaving: Set<String> = [],
    options: StoreOptions = StoreOptions(), fileSystem: any FileSystem = LocalFileSystem()
  ) throws(StoreError) -> FoldReport {
    try FoldRun(
      root: path, seconds: seconds, isDryRun: isDryRun, leaving: leaving, options: options, fileSystem: fileSystem
    ).run()
  }
}
