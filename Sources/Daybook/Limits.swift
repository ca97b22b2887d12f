import Documents

/// Every bound of the library, by name.
public enum Limits {
  /// The largest document, in bytes.
  public static let documentBytes = 16 << 20
  /// The deepest nesting of objects and arrays in a document.
  public static let documentDepth = JSONLimits.standard.maximumDepth
  /// How many documents one transaction may write.
  public static let transactionDocuments = 10_000
  /// How many bytes one transaction may write; what is larger belongs into several.
  public static let transactionBytes = 64 << 20
  /// How many documents one page of a query may hold.
  public static let pageDocuments = 10_000
  /// How many items a segment of a series takes before the next one begins.
  public static let segmentItems = 64

  /// How many bytes may be acknowledged but not archived before writers are made to wait.
  static let unarchivedBytes = 192 << 20
  /// How much one archiving takes at most: what is held in memory for one pack.
  static let packBytes = 48 << 20
  /// How long an acknowledged write may wait for the archive when nothing else happens.
  static let archiveDelayMilliseconds = 250
  /// How long a `memory` write may wait for the disk.
  static let memoryDelayMilliseconds = 50
  /// How many packs there may be before small ones are merged.
  static let packs = 10
  /// How many packs one merge takes, and the size above which a pack is left alone.
  static let mergedPacks = 8
  static let mergedPackBytes = 256 << 20
  /// How many bytes of document bodies are kept in memory.
  public static let bodyCacheBytes = 128 << 20
  /// How many bytes of Git trees the writer keeps in memory.
  static let treeCacheBytes = 64 << 20
  /// How many commits are read from the history at once.
  static let historyBatch = 256
  /// How far the index snapshot may lag behind before closing writes a new one, in commits.
  static let staleIndexCommits = 1_000
  /// The longest string that a secondary index compares; longer ones are compared by this prefix, then by content.
  static let indexedStringBytes = 128
  /// How many violations of a schema an error lists.
  static let listedViolations = 10
}
