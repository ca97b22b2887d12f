import Git

/// Which refs a backup keeps: branches, tags, and those of ours, such as `refs/daybook/backup/…` of migrations. What
/// stands for other repositories (`refs/remotes`, `refs/daybook/remotes`, `refs/daybook/machines`) or for a person's work
/// of the moment (`refs/stash`) is this machine's own.
enum BackupReferences {
  static let head = "HEAD"
  /// In a store that was made of a backup: leads to the manifest of that.
  static let origin = "refs/daybook/restored"
  private static let prefixes = ["refs/heads/", "refs/tags/", "refs/daybook/"]

  static func isKept(_ name: String) -> Bool {
    prefixes.contains { name.hasPrefix($0) } && !name.hasPrefix(RemoteName.references)
      && !name.hasPrefix(MachineRegister.references)
      && name != BackupManifest.reference && name != origin
  }

  /// - Parameter head: Where the store is; the branch itself may be behind, as it waits for the archive.
  static func kept(_ references: [Reference], branch: String, at head: ObjectID) -> [Reference] {
    let others = references.filter { isKept($0.name) && $0.name != branch }
    return (others + [Reference(branch, head)]).sorted { $0.name < $1.name }
  }
}
