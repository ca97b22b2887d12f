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
  /// How many files one plan may take back.
  public static let restoredFiles = 100_000
  /// How many stretches of an index one query merges: all combinations of the values that members may have.
  static let queryStretches = 64
  /// How many commits are looked through for an author's last operation.
  public static let undoneCommits = 10_000
  /// How many documents one page of a query may hold.
  public static let pageDocuments = 10_000
  /// How many bytes of documents, or of the items of a series, make a page full, however few they are.
  public static let pageBytes = 16 << 20
  /// How many commits one look at the log may ask for.
  public static let loggedCommits = 1_000_000
  /// The largest sequence that a commit may say it has: every program reads it as the same number.
  static let largestSequence: UInt64 = 1 << 53
  /// How many items a segment of a series takes before the next one begins.
  public static let segmentItems = 64

  /// How many bytes may be acknowledged but not archived before writers are made to wait.
  static let unarchivedBytes = 192 << 20
  /// How much one archiving takes at most: what is held in memory for one pack.
  static let packBytes = 48 << 20
  /// How long an acknowledged write may wait for the archive when nothing else happens.
  static let archiveDelayMilliseconds = 250
  /// How long while more than so many others wait with it: fewer, larger packs cost less, and their deltas reach further.
  static let busyArchiveDelayMilliseconds = 1_000
  static let busyCommits = 64
  /// How long a `memory` write may wait for the disk.
  static let memoryDelayMilliseconds = 50
  /// How many small packs there may be before they are merged, and which are small.
  static let packs = 10
  static let smallPackBytes = 32 << 20
  /// How many packs one merge takes.
  static let mergedPacks = 8
  /// Of how many commits, the newest, it is kept at hand which files they changed, and of how many files at most.
  static let recentCommits = 1_024
  static let recentCommitFiles = 32
  /// How many bytes of packs condensing reads at once, and the size above which a pack is left alone.
  static let mergedPackBytes = 256 << 20
  /// How long after the newest commit packs may be condensed.
  static let condensingIdleMilliseconds = 2_000
  /// How long commits may go on coming before packs are condensed beside them.
  static let condensingLatestMilliseconds = 60_000
  /// How many bytes of packs must have come for that, at least, and as which part of those condensed before.
  static let condensingBytes = 4 << 20
  static let condensingShare = 8
  /// A condensed pack is condensed again with new ones if it is at most so many times as large as they are.
  static let condensedRatio = 8
  /// How many bytes of packs must have come, at least, for closing a store to condense them.
  static let closingBytes = 16 << 20
  /// How many bytes of document bodies are kept in memory.
  public static let bodyCacheBytes = 128 << 20
  /// How many bytes of Git trees the writer keeps in memory.
  static let treeCacheBytes = 64 << 20
  /// How many commits are read from the history at once.
  static let historyBatch = 256
  /// How far the index snapshot may lag behind before closing writes a new one, in entries: a commit of one document adds
  /// two at least, one of many documents many.
  static let staleIndexEntries = 2_000
  /// How many bytes of a string, and digits of a number, a secondary index compares; longer ones are compared by these
  /// first, then by content.
  static let indexedStringBytes = 128
  /// How long no further file must have been seen changing before hand edits are taken in, and how long that may take.
  static let handEditQuietMilliseconds = 100
  static let handEditLatestMilliseconds = 300
  /// How long a file must be gone for that to be a deletion.
  static let deletionGraceMilliseconds = 2_000
  /// How long a store must have been open before its folders are watched: a command is done by then.
  static let watchDelayMilliseconds = 300
  /// How long the watching thread rests between two looks.
  static let watchRestMilliseconds = 25
  /// How long after a failure hand edits are tried to be taken in again.
  static let handEditRetryMilliseconds = 1_000
  /// How many files are remembered as they were put in place.
  static let filesAsPut = 8_192
  /// How often the lock of Git's index is asked for, each time for a third of a second, before the index stays behind.
  static let gitIndexAttempts = 10
  /// How soon it is asked for again then.
  static let gitIndexRetryMilliseconds = 250
  /// How often files are looked at again that change at the moment they are taken in.
  static let handEditAttempts = 3
  /// How many bytes a passphrase has at least, and at most.
  public static let shortestPassphraseBytes = 12
  public static let passphraseBytes = 1 << 10
  /// How many documents, and how many bytes of them, one commit of a rotation seals again.
  static let resealedDocuments = 100
  static let resealedBytes = 8 << 20
  /// The longest time to live.
  static let longestTimeToLiveSeconds: Int64 = 100 * 365 * 86_400
  /// How many files, and how many bytes of documents, one commit of a sweep takes out of the tree, if one document has not
  /// more by itself.
  static let sweptFiles = 200
  static let sweptBytes = 8 << 20
  /// How often an open store sweeps unless it is told otherwise, and how soon after it was opened.
  public static let sweepIntervalSeconds = 3_600
  static let firstSweepMilliseconds = 10_000
  /// How long the sweeper rests after each commit: writers go first.
  static let sweepRestMilliseconds = 100
  /// How long a temporary file must not have changed to count as left behind: whoever writes it is done by then.
  static let leftoverMilliseconds: Int64 = 86_400_000
  /// How much memory condensing may take when it is asked for, and how many times as much as the packs of one round it takes.
  public static let condensingMemoryBytes = 768 << 20
  static let condensingMemoryFactor = 3
  /// How many bytes of packs condensing is sure to read in a second: what a round takes is chosen by the time that is left.
  static let condensedBytesPerSecond = 8 << 20
  /// How many elements one processor takes at a time where all work on a list.
  static let concurrentShare = 32
  /// How many documents are read at once where all of a kind are gone through.
  static let scannedDocuments = 100
  /// How many refusals of a rotation are listed.
  static let listedRefusals = 10
  /// How many bytes of documents one migration may change, as it is one commit.
  static let migrationBytes = 512 << 20
  /// How many documents of a migration are prepared at once.
  static let migrationBatch = 500
  /// How often a migration begins again because somebody wrote meanwhile.
  static let migrationAttempts = 5
  /// How many changes and refusals of a migration are listed.
  static let listedMigrationChanges = 20
  /// How many bases of two commits a merge joins, and how often those have several bases in turn; of more the first counts.
  static let mergeBases = 16
  static let mergeBaseDepth = 8
  /// How many secrets that were committed in clear text are remembered.
  static let leakNotes = 1_000
  /// How many documents that do not fit a changed schema are listed.
  static let listedMisfits = 20
  /// How often a backup lists the packs again because one was taken away before it could be opened.
  static let packOpeningAttempts = 5
  /// How many of the largest documents statistics name, and for how many days they count commits.
  static let listedDocuments = 10
  static let listedDays = 7
  /// How many violations of a schema an error lists.
  static let listedViolations = 10
  /// How many compiled kinds of all open stores are kept; beyond that all are forgotten.
  static let cachedKinds = 128
  /// Of how many contents it is known which other they are like.
  static let likenesses = 200_000
  /// How many bytes one transfer may bring, as packed, and how many objects.
  static let transferBytes = 4 << 30
  static let transferObjects = 20_000_000
  /// How many packs of a folder one transfer opens, the largest, and how much of their indexes it reads; how many folders
  /// of objects it follows, and how large a list of those may be.
  static let transferPacks = 128
  static let transferIndexBytes = 512 << 20
  static let transferObjectFolders = 8
  static let transferAlternatesBytes = 1 << 20
  /// How long one transfer may take, and how long nothing may come of it meanwhile.
  package static let transferSeconds = 3_600
  package static let transferSilenceSeconds = 60
  /// How much memory, time of the processor and disk the process of one transfer may take.
  package static let transferMemoryBytes = 3 << 30
  package static let transferProcessorSeconds = 1_800
  package static let transferFileBytes = transferBytes + 1 << 28
  /// The longest line that the process of a transfer may write.
  package static let transferLineBytes = 32 << 20
  /// How many commits are taken from a remote at once, and how large a file in them may be.
  static let arrivingCommits = 2_000_000
  static let arrivingFileBytes = 64 << 20
  /// How many times deeper a history is cut as long as it cannot begin there, from how deep on it is then not cut at all, and
  /// the most that can be asked for.
  static let cutGrowth = 4
  static let deepestClone = 1 << 30
  static let deepestCut = 4_096
  /// How often a sync begins again because somebody else has pushed meanwhile, and how much longer it rests each time.
  static let syncRounds = 8
  static let syncPauseMilliseconds = 50
  /// How many machines of a remote's register count. It is after so long that a sync which pushes nothing puts this machine's
  /// position there again.
  static let registeredMachines = 1_000
  /// How many commits are gone through to see whether a position that was not known is in the history.
  static let registerCommits = 50_000
  static let registerIntervalSeconds: Int64 = 86_400
  /// How long a node that loses every race to the hub goes on before it says so to those who wait.
  static let replicationPatienceSeconds = 30
  /// How often whoever brings writes to a hub looks whether it is to stop.
  static let replicationLookMilliseconds = 250
  /// How many characters of what a remote says are told.
  static let remoteWords = 300
  /// The largest file of keys of ssh servers, and of a credential.
  static let knownHostsBytes = 16 << 20
  static let credentialBytes = 1 << 16
  /// How long Git's credential helper may take.
  package static let credentialHelperSeconds = 30
}
