public import Logging

/// How a store is opened.
public struct StoreOptions: Sendable {
  /// The author of commits that name none.
  public var author: Author
  /// What has happened by the time that a write returns, unless it says otherwise itself.
  public var durability: Durability
  /// How many bytes of document bodies are kept in memory.
  public var cacheBytes: Int
  /// The variables by which the key ring is found; see the README. Usually the process's own.
  public var environment: [String: String]
  /// Asks for the passphrase of a wrapped key ring when a secret is first needed and the environment does not tell it.
  /// Called once, on any thread, and may block; nil when nobody can be asked.
  public var askPassphrase: @Sendable () -> [UInt8]? = { nil }
  public var logger: Logger
  /// What this process calls itself to others who find the store busy, such as `daybook put`.
  public var owner: String
  /// When files that people change are taken in.
  public var handEdits = HandEditPolicy.watch
  /// How often documents whose time to live is over are swept; nil for not before somebody asks: `Store.maintain`.
  public var sweepInterval: Duration? = .seconds(Limits.sweepIntervalSeconds)
  /// How a shell calls the `daybook` command, so that Git may have it merge documents; nil: what Git was told stays.
  package var program: String?
  /// Called at each step of a write, on the thread that makes it.
  package var onStep: @Sendable (WriteStep) -> Void = { _ in }
  /// The same for each step of a sync.
  package var onSyncStep: @Sendable (SyncStep) -> Void = { _ in }

  public init(
    author: Author = Author(name: "daybook", email: "daybook@localhost"), durability: Durability = .durable,
    cacheBytes: Int = Limits.bodyCacheBytes, environment: [String: String] = [:],
    logger: Logger = Logger(label: "daybook"), owner: String = "a program"
  ) {
    self.author = author
    self.durability = durability
    self.cacheBytes = cacheBytes
    self.environment = environment
    self.logger = logger
    self.owner = owner
  }
}

/// When files that people and other programs change are taken into an open store. Whatever it is, a write to a document
/// whose file holds an edit takes that in first.
public enum HandEditPolicy: Sendable {
  /// Within half a second, as long as the store is open; those from before it was opened soon after.
  case watch
  /// Once, before opening returns: for a short command, which sees what is in the files.
  case whenOpened
  /// Not before somebody asks: `Store.takeInHandEdits`.
  case whenAsked
}
