/// How much a store holds, and how it grows.
public struct StoreStatistics: Sendable {
  /// What one collection takes.
  public struct Collection: Sendable {
    public let name: String
    public var documents = 0
    /// Of the newest revisions and the segments of series, as they lie in their files.
    public var bytes = 0
    /// How many revisions the documents had, those of now and of deleted ones among them.
    public var versions = 0
    /// What these versions, and the segments of now, take in the packs.
    public var packedBytes = 0
  }

  /// A document that is among the largest.
  public struct LargeDocument: Sendable {
    public let address: String
    /// With the segments of its series.
    public let bytes: Int
  }

  /// The commits of one day.
  public struct Day: Sendable {
    /// Such as `2026-11-21`, in UTC.
    public let date: String
    public let commits: Int
  }

  public let sequence: UInt64
  public let commits: Int
  /// When the first and the newest commit were made, in RFC 3339; nil in a store without any.
  public let firstCommit: String?
  public let newestCommit: String?
  /// The last days, the newest last.
  public let days: [Day]

  public let collections: [Collection]
  public let largest: [LargeDocument]

  public let packs: Int
  public let packBytes: Int
  /// Of Git's indexes over the packs.
  public let packIndexBytes: Int
  public let packedObjects: Int
  /// What the commits themselves take in the packs.
  public let commitBytes: Int
  public let logBytes: Int
  /// Commits that are in the log and not in a pack yet: nothing of them is counted in the packs.
  public let unarchivedCommits: Int
  /// How many entries the index in memory has, and about how many bytes they take.
  public let indexEntries: Int
  public let indexBytes: Int

  public var documents: Int { collections.reduce(0) { $0 + $1.documents } }
  public var bytes: Int { collections.reduce(0) { $0 + $1.bytes } }
  /// What folders, past segments and files that are no documents take in the packs.
  public var otherBytes: Int { packBytes - commitBytes - collections.reduce(0) { $0 + $1.packedBytes } }
}

extension Store {
  /// Says how much the store holds, by collection, and how it grows.
  ///
  /// Counted are the index and the indexes of the packs; contents are not read. 100,000 documents of 100,000
  /// commits take less than two seconds, and about 40 bytes of memory for each object in the packs.
  public func statistics() async throws -> StoreStatistics {
    try await Blocking.run { try StatisticsRun(parts: self.parts).run() }
  }
}
