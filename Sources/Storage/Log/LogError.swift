/// What can go wrong with the log.
package enum LogError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The file system refused. From a call of `append`, `sync` or `drop` on, the log stays failed.
  case file(FileError)
  /// An earlier write or sync failed, so nobody knows what is on the disk: close the log and open it again.
  case failedEarlier(FileError)
  /// Bytes that were durable once are not what they were. Nothing after them can be trusted to be complete.
  case damaged(segment: UInt64, offset: Int, reason: String)
  /// The segment was written by a newer version of this program.
  case unsupportedVersion(segment: UInt64, version: UInt32)
  /// The payload is longer than a segment can hold. Nothing was written, and the log goes on.
  case recordTooLarge(bytes: Int, limit: Int)

  package var description: String {
    switch self {
    case .file(let error): "the log failed: \(error)"
    case .failedEarlier(let error): "the log failed earlier and takes no more writes: \(error)"
    case .damaged(let segment, let offset, let reason):
      "log segment \(segment) is damaged at byte \(offset): \(reason)"
    case .unsupportedVersion(let segment, let version):
      "log segment \(segment) has format version \(version), which this program does not know"
    case .recordTooLarge(let bytes, let limit): "a log record of \(bytes) bytes exceeds the limit of \(limit)"
    }
  }
}
