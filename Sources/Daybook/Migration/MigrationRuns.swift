import Git

/// Finds in the history which run of migrations brought the store to the versions that it has.
struct MigrationRuns {
  let snapshot: Snapshot

  /// A commit that migrated up.
  struct Run {
    let sequence: UInt64
    let before: MigrationState
    let after: MigrationState

    /// What it applied, by number.
    func migrations() throws(StoreError) -> [Migration] {
      try MigrationState.migrations(in: after.files).filter { migration in
        migration.number > before.version(of: migration.kind)
          && migration.number <= after.version(of: migration.kind)
      }
    }
  }

  /// The newest run whose versions are those of now; nil when nothing was migrated.
  func last() throws(StoreError) -> Run? {
    guard let head = snapshot.commit else { return nil }
    let now = try MigrationState(at: head.id, snapshot.objects).versions
    guard !now.isEmpty else { return nil }
    var before: UInt64?
    while true {
      let commits = try snapshot.commits(before: before, limit: Limits.historyBatch)
      for commit in commits where commit.origin == .migration {
        guard let parent = snapshot.index.commit(before: commit.commit.id, at: commit.sequence)?.id else { continue }
        let run = Run(
          sequence: commit.sequence, before: try MigrationState(at: parent, snapshot.objects),
          after: try MigrationState(at: commit.commit.id, snapshot.objects))
        if run.after.versions == now, run.isUp { return run }
      }
      guard let last = commits.last else { return nil }
      before = last.sequence
    }
  }
}

extension MigrationRuns.Run {
  fileprivate var isUp: Bool {
    before.versions != after.versions
      && before.versions.allSatisfy { $0.value <= after.version(of: $0.key) }
  }
}
