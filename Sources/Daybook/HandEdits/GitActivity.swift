import Storage

/// Whether a Git command of a person's is at work in the store, or has stopped half-way and waits for them. Until it is
/// through, files that change are not to be taken for edits: the branch may be about to follow.
struct GitActivity {
  let root: String
  let fileSystem: any FileSystem

  /// What a command that waits for a person leaves in `.git`.
  private static let marks = [
    "MERGE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD", "rebase-merge", "rebase-apply", "sequencer", "BISECT_LOG",
  ]

  /// What is going on; nil when nothing is.
  func current() throws(StoreError) -> String? {
    do {
      let lock = "\(root)/\(StoreLayout.gitIndexLock)"
      if try fileSystem.exists(lock), try !isOurs(lock) { return "index.lock" }
      for mark in Self.marks where try fileSystem.exists("\(root)/\(StoreLayout.git)/\(mark)") { return mark }
      return nil
    } catch {
      throw StoreError(.unavailable, "The store's Git folder could not be looked at.", cause: error)
    }
  }

  private func isOurs(_ lock: String) throws(FileError) -> Bool {
    do {
      return try fileSystem.read(lock) == Array(GitIndexKeeper.mark.utf8)
    } catch  where error.isMissing {
      return true
    }
  }
}
