import Daybook

/// Every bound of the service, by name.
package enum Limits {
  /// The largest body of a request that is no document, and of one that is, and of a transaction.
  static let bodyBytes = 1 << 20
  static let documentBytes = Daybook.Limits.documentBytes
  static let transactionBytes = Daybook.Limits.transactionBytes
  /// How long the body of a request may take to arrive.
  static let bodySeconds: Int64 = 30
  /// How long a connection may be silent between requests, and before the first one has arrived.
  static let idleSeconds: Int64 = 60
  /// How many connections there may be at once; others wait to be accepted.
  package static let connections = 4_096
  /// How many connections the system queues for acceptance.
  static let backlog = 1_024
  /// How often a parameter may be given, where it may be several times.
  static let repeatedParameters = 10
  /// The largest header of a request, all of them together, and how many. The address counts as one; it has a limit of its own.
  static let headerBytes = 64 << 10
  static let headersBytes = 64 << 10
  static let headers = 100
  /// The longest path and query.
  static let targetBytes = 8 << 10
  /// How long a stopping service waits for requests that have begun.
  static let stopSeconds = 10
  /// How many documents and commits a page has, unless the request says, and at most.
  static let pageSize = 50
  static let largestPage = 1_000
  /// How many checkpoints a page has at most, with all their values.
  static let checkpointPage = 100
  /// How many threads or runs, and how many channels, one request names.
  static let namedThreads = 1_000
  static let followedChannels = 1_000
  /// How many interrupts or todos are raised at once.
  static let askedAtOnce = 100
  /// How many operations on memories one batch has.
  static let batchedMemories = 1_000
  /// How many commits are searched for those that a caller may see, for a page, and at once.
  static let searchedCommits = 5_000
  static let commitBatch = 200
  /// How many events are kept for readers that are up to date.
  static let recentEvents = 4_096
  /// How many events are written to a reader at once.
  static let eventBatch = 256
  /// How many event readers there may be.
  static let eventReaders = 2_000
  /// How often a silent stream of events says that it is alive.
  static let heartbeatSeconds: Int64 = 15
  /// How many bytes of appended items an event carries; larger ones are fetched.
  static let eventItemsBytes = 256 << 10
  /// For how long a request is known by its idempotency key, and how many are known at least; of these the newest answers
  /// are kept, up to so many bytes each and in all.
  static let idempotencySeconds: Int64 = 86_400
  static let knownRequests = 500_000
  static let keptAnswerBytes = 256 << 10
  static let keptAnswersBytes = 32 << 20
  /// After how many seconds what was busy may be tried again.
  static let busySeconds: Int64 = 1
  /// How often the size of the store is looked at.
  static let growthSeconds = 60
  /// The longest idempotency key, in characters.
  static let idempotencyKeyLength = 200
}
