import Git
import Storage

/// What went wrong below, in the words of someone who makes or reads a backup.
enum BackupFailure {
  /// For making one: the store is read, the file is written.
  static func making(_ path: String, _ error: any Error) -> StoreError {
    switch error {
    case let error as StoreError: error
    case let error as GitError:
      StoreError(
        .damaged, "The store cannot be backed up whole: something in its history cannot be read.",
        hint: "Run `git fsck` in the store.", cause: error)
    default:
      StoreError(
        .unavailable, "The backup could not be written to \(path).", hint: "Check the disk, and who owns the folder.",
        document: path, cause: error)
    }
  }

  /// For reading one.
  static func reading(_ path: String, _ error: any Error) -> StoreError {
    switch error {
    case let error as StoreError: return error
    case let error as GitError where error.code == .notFound && error.operation == "read a Git bundle":
      return StoreError(.damaged, "\(path) is not a backup.", hint: "`daybook backup` makes one.", document: path)
    case let error as GitError:
      return StoreError(
        .damaged, "The backup \(path) is damaged.", hint: "Use another copy of it.", document: path, cause: error)
    case let error as FileError where error.isMissing:
      return StoreError(.notFound, "There is no file \(path).", document: path)
    case let error as FileError where error.isLink:
      return StoreError(
        .refused, "\(path) is a link, which is not followed.", hint: "Name the file itself.", document: path)
    default: return StoreError(.unavailable, "The backup \(path) could not be read.", document: path, cause: error)
    }
  }
}
