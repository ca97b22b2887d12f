import ArgumentParser
import Daybook
import Logging

/// The options of every command.
struct GlobalOptions: ParsableArguments {
  @Option(
    name: .customShort("C"),
    help: ArgumentHelp("The store's folder; by default found upwards from here.", valueName: "dir"),
    completion: .directory)
  var folder: String?

  @Flag(help: "Print JSON, one value a line.")
  var json = false

  /// Opens the store, hands it over, and closes it whatever happens.
  func withStore<Result>(
    writing options: WriteOptions? = nil, _ body: (Store) async throws -> Result
  ) async throws -> Result {
    let store = try await openStore(writing: options)
    let result: Result
    do {
      result = try await body(store)
    } catch {
      try? await close(store)
      throw error
    }
    try await close(store)
    return result
  }

  /// Opens the store, or takes the one that is open already where its owner runs the command; whoever calls this closes it
  /// with `close`.
  func openStore(writing options: WriteOptions? = nil) async throws -> Store {
    if let store = Console.current.store {
      // A command sees what is in the files.
      try await store.takeInHandEdits()
      return store
    }
    let store = try await Store.open(at: try StoreLocation.find(folder), options: try storeOptions(options))
    if options?.durability == .replicated { Replicator(store, by: RemoteConnector(of: store.path)).start() }
    return store
  }

  /// Closes a store, unless its owner keeps it open.
  func close(_ store: Store) async throws {
    if Console.current.store == nil { try await store.close() }
  }

  func storeOptions(_ options: WriteOptions? = nil) throws -> StoreOptions {
    var logger = Logger(label: "daybook") { _ in NoteLogHandler() }
    logger.logLevel = .notice
    var storeOptions = StoreOptions(
      author: try options?.commitAuthor ?? .ofThisUser(Process.environment),
      durability: options?.durability ?? .durable, environment: Process.environment, logger: logger,
      owner: "a `daybook` command (process \(Process.id))")
    // A command sees what is in the files, and is over before it could watch them.
    storeOptions.handEdits = .whenOpened
    storeOptions.sweepInterval = nil
    storeOptions.program = Process.shellName
    storeOptions.askPassphrase = { (try? SecretPrompt.ask("Passphrase of the key ring")) ?? nil }
    return storeOptions
  }

  /// Says something that is no data, unless only JSON is wanted.
  func note(_ text: @autoclosure () -> String) {
    if !json { Output.note(text()) }
  }
}

/// The options of commands that write.
struct WriteOptions: ParsableArguments {
  @Option(name: .shortAndLong, help: "The commit's subject; by default what changed, in words.")
  var message: String?

  @Option(
    help: ArgumentHelp(
      "Who makes the change, as 'Name <mail>'; by default $DAYBOOK_AUTHOR, else Git's user.", valueName: "author"))
  var author: String?

  @Option(help: "What must have happened before the command returns.")
  var durability: Durability?

  @Flag(help: "Check everything and say what would change, without writing.")
  var dryRun = false

  /// Who makes the change.
  var commitAuthor: Author {
    get throws(StoreError) {
      guard let author else { return try .ofThisUser(Process.environment) }
      return try Author(parsing: author)
    }
  }
}
