import CGit2

/// What libgit2 can only be told for the whole process: for one that does nothing but a transfer.
package enum TransferProcess {
  private static let windowBytes = 32 << 20
  private static let mappedBytes = 256 << 20

  /// Bounds the memory into which packs are mapped, and the objects that one pack may have.
  package static func limit(objects: Int) throws(GitError) {
    try LibGit2.ensureStarted()
    try check(daybook_git_limit(windowBytes, mappedBytes, objects), "bound the memory of a transfer")
  }

  /// Lets only the authorities of a file vouch for servers, in place of the system's.
  package static func trust(authoritiesIn file: String) throws(GitError) {
    try LibGit2.ensureStarted()
    try check(unsafe daybook_git_trust(file), "read the certificates in \(file)")
  }
}
