import Daybook

/// Every bound of the service, by name.
package enum Limits {
  /// The largest body of a request that is no document, and of one that is, and of a transaction.
  static let bodyBytes = 1 << 20
  static let documentBytes = Daybook.Limits.documentBytes
  static let transactionBytes = Daybook.Limits.transactionBytes
  /// How many values and keys a body has at most.
  static let bodyNodes = 4 << 20
  /// The largest body of who has not signed in: names and passwords are short.
  static let strangerBytes = 8 << 10
  /// How many bytes the bodies of all requests have together.
  static let bodiesBytes = 256 << 20
  /// How many connections there may be at once; others wait to be accepted.
  package static let connections = 4_096
  /// How many of them one address may have, besides those of the machine itself.
  static let connectionsOfAddress = 1_024
  /// How many connections the system queues for acceptance.
  static let backlog = 1_024
  /// How many parts a framed body has.
  static let framedParts = 10_000
  /// How often a parameter may be given, where it may be several times.
  static let repeatedParameters = 10
  /// The largest header of a request, all of them together, and how many. The address counts as one; it has a limit of
  /// its own.
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
  /// How many documents are read for a page when no index answers.
  static let examinedDocuments = 10_000
  /// How many commits are read for a page, whether they match or not, and how many versions of a document at once.
  static let searchedCommits = 5_000
  static let commitBatch = 200
  /// How many events are kept for readers that are up to date, and how many bytes of them: half of it when there are
  /// more.
  static let recentEvents = 8_192
  static let recentEventBytes = 32 << 20
  /// How many changes of the inbox wait for their threads to take note of them.
  static let keptChanges = 10_000
  /// How many events are written to a reader at once, and how many bytes before there are no more.
  static let eventBatch = 256
  static let eventBatchBytes = 256 << 10
  /// How many commits of the past are read for a reader at once, at first and once it has stayed: many come for a moment
  /// only.
  static let firstCaughtUpCommits = 8
  static let caughtUpCommits = 200
  /// How many event readers there may be, and how many one user may have.
  static let eventReaders = 2_000
  static let eventReadersOfUser = 200
  /// How long it counts that a reader was let in.
  static let admissionSeconds: Int64 = 1
  /// How long a read waits for a state that is as new as it wants.
  static let freshnessSeconds: Int64 = 10
  /// How many reads that take long are carried out at once, and how many wait for it.
  static let longReadsAtOnce = 2
  static let longReadsWaiting = 256
  /// How many bytes an event carries of appended items, of an excerpt and of the names of members; more is fetched. And
  /// how many characters of the subject of its commit.
  static let eventItemsBytes = 48 << 10
  static let eventExcerptBytes = 8 << 10
  static let eventSubjectLength = 500
  /// For how long a request is known by its idempotency key, and how many are known at least; of these the newest answers
  /// are kept, up to so many bytes each and in all.
  static let idempotencySeconds: Int64 = 86_400
  static let knownRequests = 500_000
  static let keptAnswerBytes = 256 << 10
  static let keptAnswersBytes = 32 << 20
  /// After how many seconds what was busy may be tried again.
  static let busySeconds: Int64 = 1
  /// How long it counts what the status of the store was.
  static let statusMilliseconds = 1_000
  /// How long a service that syncs by itself waits: between two syncs, after a write, after the first failure, and after
  /// many; and how often it looks whether something was written.
  package static let syncIntervalSeconds = 60
  static let syncAfterWritesSeconds = 2
  static let syncFirstRetrySeconds = 2
  static let syncLongestRetrySeconds = 900
  static let syncLookMilliseconds = 250
  /// How often the size of the store is looked at.
  static let growthSeconds = 60
  /// The longest idempotency key, in characters.
  static let idempotencyKeyLength = 200
}
