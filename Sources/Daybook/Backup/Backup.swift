/// A backup: one file that holds a store as it was at one commit, with all of its history.
///
/// The file is a Git bundle, so that `git clone FILE` makes a working copy of it where there is no Daybook. What is in it
/// says its manifest. The keys of the secrets are not in it: `Store.exportKeys`.
public struct Backup: Sendable {
  /// Where the file is.
  public let path: String
  public let bytes: Int
  /// SHA-256 of the file, in hexadecimal digits.
  public let sha256: String
  public let manifest: BackupManifest
}

/// What a backup says of itself.
public struct BackupManifest: Sendable, Equatable {
  /// When it was made, in RFC 3339.
  public let made: String
  /// The version of Daybook that made it.
  public let program: String
  public let storeID: String
  /// The format of the store; see `daybook.json`.
  public let storeFormat: Int
  public let sequence: UInt64
  /// The newest commit, in hexadecimal digits.
  public let commit: String
  /// Git's id of that commit's root folder: what `Store.check` calls the root hash.
  public let rootHash: String
  /// In full, such as `refs/heads/main`.
  public let branch: String
  /// How many documents each collection has.
  public let documents: [String: Int]
  /// How many files the newest commit has, and how many bytes they have together.
  public let files: Int
  public let fileBytes: Int
  /// How many objects of Git the store's history comes to.
  public let objects: Int
  /// The refs that were kept, with what they lead to.
  public let references: [String: String]
  /// The commits with which the history begins, of a store whose earlier ones were folded; none otherwise.
  public let horizon: [String]
}

/// What a long work on a backup is at.
public struct BackupProgress: Sendable {
  public enum Step: String, Sendable {
    /// Going through the history; counted are commits.
    case collecting
    /// Writing; counted are objects.
    case writing
    /// Reading the file and proving it; counted are bytes.
    case verifying
  }

  public let step: Step
  public let done: Int
  /// Nil when nobody knows.
  public let total: Int?
}
