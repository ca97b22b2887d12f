/// Every bound of this module. Memory and disk use, waiting and retrying end at one of these.
package enum Limits {
  // MARK: Files

  /// The longest file that is read whole, unless the caller says otherwise.
  package static let fileBytes = 1 << 30
  /// The longest text by which the holder of a lock introduces itself.
  package static let lockOwnerBytes = 1024
  /// How many symbolic links one after another are followed.
  static let followedLinks = 8
  /// How many zeros one write puts into a file that is preallocated.
  static let zeroFillBytes = 1 << 18

  // MARK: Watching

  /// How long a folder that cannot be watched goes unlooked at.
  package static let pollingMilliseconds = 2_000

  // MARK: Log

  /// A segment of the log is full at this size.
  package static let segmentBytes = 16 << 20
  /// How far ahead of its records a segment is filled with zeros.
  package static let preallocationBytes = 1 << 20

  // MARK: Tree

  /// The longest key.
  package static let keyBytes = 1024
  /// The longest value.
  package static let valueBytes = 12 << 10

  // MARK: Group commit

  /// How many requests may wait for the writer.
  package static let waitingRequests = 65_536
  /// How many bytes may wait for the writer.
  package static let waitingBytes = 64 << 20
  /// How many requests the writer takes at once.
  package static let groupRequests = 512
  /// How many bytes the writer takes at once, as long as one request fits.
  package static let groupBytes = 4 << 20
}
