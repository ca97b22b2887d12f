import Daybook

/// Every bound of the runtime, by name.
enum Limits {
  /// For how many users, sessions and agents effective settings are kept.
  static let cachedSettings = 1_000
  /// How many settings one change touches.
  static let changedSettings = 1_000

  /// How many bytes of a text an index compares. The id of a checkpoint has no more, since checkpoints are ordered by
  /// it.
  static let comparedBytes = 128
  /// How many different values of a member are gone through at once.
  static let distinctSteps = 100_000
  /// How many bytes the name of a thread and a namespace of checkpoints may have.
  static let threadIDBytes = 1_024
  /// How many ancestors of a checkpoint are walked: LangGraph stores a whole value after 5,000 steps at the latest.
  static let chainedCheckpoints = 10_000
  /// How often the document of a thread notes that checkpoints come.
  static let threadNoteMilliseconds: Int64 = 60_000
  /// How many documents of a thread one commit takes away or copies, and how many bytes it copies.
  static let threadBatchDocuments = 2_000
  static let threadBatchBytes = 16 << 20

  /// How many bytes the namespace and the key of a memory may have.
  static let namespaceBytes = 1_024
  /// How many operations one batch takes, at how many memories they look together, and how many bytes of them they
  /// answer.
  static let batchedOperations = 1_000
  static let searchedMemories = 100_000
  static let answeredMemoryBytes = 64 << 20
  /// How many of these it reads at once.
  static let memoriesAtOnce = 100
  /// An access puts the end of a memory off when it gains this part of its time to live at least.
  static let refreshedShare: Int64 = 16

  /// How long one call of a profile's trial may take, in seconds, whatever the profile allows itself.
  static let callSeconds: Double = 60
  /// How many bytes of an answer are read.
  static let answerBytes = 4 << 20
  /// How many characters of an answer are told.
  static let excerptCharacters = 160

  /// How often a change is decided again because somebody else was quicker.
  static let lostRaces = 50
  /// How many items are appended to the series of a document at once.
  static let appendedItems = 1_000
  /// How many of the newest items of each series the state of a document holds.
  static let stateItems = 1_000
  /// How many documents one page of a list has, at most: as many as that of a query.
  static let listedDocuments = Daybook.Limits.pageDocuments
  /// How many documents one search looks at, how many bytes of them, and with how many bytes and words it may be asked.
  static let searchedDocuments = 5_000
  static let searchedBytes = 32 << 20
  static let searchBytes = 1_000
  static let searchWords = 20

  /// How many items of a session are given, or brought in, at once, and how many bytes of them are given.
  static let itemsAtOnce = 100_000
  static let itemsBytes = 64 << 20

  /// How long the lease of an application is good for, and how often it is looked whether one is over.
  static let leaseMilliseconds: Int64 = 900_000
  static let leaseCheckMilliseconds: Int64 = 60_000
  /// How long the lease of a service is good for: until then other places wait to hear of it.
  static let serviceLeaseMilliseconds: Int64 = 30 * 86_400_000
  /// How many tasks one transaction fails or deletes.
  static let tasksAtOnce = 200

  /// How many bytes of an assistant's text are kept.
  static let assistBytes = 1 << 20
  /// How many writes may wait to be made, how many bytes of them, and how many that are over are remembered.
  static let deferredWrites = 1_000
  static let deferredBytes = 64 << 20
  /// How many of these one user may have waiting.
  static let deferredWritesOfUser = 250
  static let deferredBytesOfUser = 24 << 20
  static let rememberedTickets = 10_000
  /// How many commits are read at once in search of deferred writes that were made.
  static let journalCommits = 1_000
  /// How often a deferred write is tried while the store runs, which takes a week, and how often when it meets a conflict.
  static let deferredAttempts = 20_000
  static let deferredConflicts = 3

  /// How many passwords are hashed at once, which takes 64 MiB each, and how many may wait for that.
  static let passwordHashesAtOnce = 2
  static let passwordHashesWaiting = 16
  /// Of how many accounts and addresses it is remembered how often they tried to sign in.
  static let throttledSubjects = 10_000
  /// How long an access token counts at most, and a token of an agent, in seconds.
  static let accessTokenSeconds: Int64 = 900
  static let agentTokenSeconds: Int64 = 366 * 86_400
  /// For how long after its use a refresh token gives the same next one again.
  static let refreshGraceMilliseconds: Int64 = 30_000
  /// How many tokens of agents a user may have.
  static let agentTokens = 100

  /// How many codes are made at once, and how many a user may redeem.
  static let batchedCodes = 1_000
  static let grants = 1_000
  /// Of how many users requests are counted in memory, how often they are saved, and of how many users in one commit.
  static let countedUsers = 100_000
  static let usageSavedSeconds = 300
  static let savedUsages = 100
}
