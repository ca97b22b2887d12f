import ArgumentParser
import Daybook
import DaybookServer
import Logging
import ServiceLifecycle

struct ServeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Serve the store over HTTP.",
    discussion: """
      Listens on this machine only, unless --host says otherwise. /docs in a browser shows what can be asked, /openapi.json \
      says it to programs. Edits of files are taken in as they come. SIGTERM and Ctrl-C stop it: requests that have begun \
      are finished, and the store is closed in good order. A store with a remote is synced with it, at the start, after \
      writes and every now and then; a remote that is down delays nothing, and `daybook status` tells of it.

        daybook serve
        daybook serve --port 8080 --allow-host daybook.example.org
        daybook serve --tls-certificate chain.pem --tls-key key.pem --host 0.0.0.0 --allow-host daybook.example.org
        daybook serve --ephemeral
      """)

  /// Where it also listens, for clients that know the store rather than a port: `curl --unix-socket`.
  private static let socket = ".git/daybook/http"

  @Option(help: "The address to listen on.")
  var host = ServiceOptions().host

  @Option(help: "The port; 0 takes one that is free.")
  var port = ServiceOptions().port

  @Option(help: ArgumentHelp("A name by which the service may be called; repeatable.", valueName: "name"))
  var allowHost: [String] = []

  @Option(
    help: ArgumentHelp(
      "The address of a proxy before it, whose X-Forwarded-For and -Proto are believed; repeatable.",
      valueName: "address"))
  var trustProxy: [String] = []

  @Option(help: ArgumentHelp("A certificate chain in PEM.", valueName: "file"), completion: .file())
  var tlsCertificate: String?

  @Option(help: ArgumentHelp("The key of the certificate, in PEM.", valueName: "file"), completion: .file())
  var tlsKey: String?

  @Flag(help: "Keep a new store in memory, and forget it in the end.")
  var ephemeral = false

  @OptionGroup var syncing: SyncingOptions

  @Option(help: "The least important messages that are still logged.")
  var logLevel = Logger.Level.info

  @OptionGroup var writing: ServingOptions
  @OptionGroup var global: GlobalOptions

  func validate() throws {
    if !(0...65_535).contains(port) { throw ValidationError("--port must be 0 to 65535.") }
    if (tlsCertificate == nil) != (tlsKey == nil) {
      throw ValidationError("--tls-certificate and --tls-key go together.")
    }
    if ephemeral, global.folder != nil { throw ValidationError("--ephemeral makes a store of its own; leave out -C.") }
  }

  func run() async throws {
    guard ephemeral else { return try await serve(try StoreLocation.find(global.folder), Process.environment) }
    let place = try EphemeralStore()
    defer { place.remove() }
    try await Store.create(at: place.path, options: options(place.environment))
    try await serve(place.path, place.environment)
  }

  private func serve(_ path: String, _ environment: [String: String]) async throws {
    let options = try options(environment)
    let store = try await Store.open(at: path, options: options)
    do {
      try await DaybookService(store, serviceOptions(path), author: options.author, logger: options.logger)
        .run(beside: services(for: store, options.logger)) { address in announce(address) }
    } catch {
      try? await store.close()
      throw Self.explained(error, address: "\(host):\(port)")
    }
    try await store.close()
    options.logger.info("The store is closed.")
  }

  private func options(_ environment: [String: String]) throws -> StoreOptions {
    var options = try global.storeOptions(nil)
    options.environment = environment
    options.author = try writing.author.map(Author.init(parsing:)) ?? .ofThisUser(Process.environment)
    options.durability = writing.durability ?? .durable
    options.handEdits = .watch
    options.sweepInterval = .seconds(Daybook.Limits.sweepIntervalSeconds)
    options.owner = "a service, `daybook serve` (process \(Process.id))"
    let json = global.json
    options.logger = Logger(label: "daybook") { _ in ServiceLogHandler(asJSON: json) }
    options.logger.logLevel = logLevel
    return options
  }

  private func serviceOptions(_ path: String) -> ServiceOptions {
    var options = ServiceOptions()
    options.host = host
    options.port = port
    options.allowedHosts = allowHost
    options.proxies = trustProxy
    options.machine = Process.hostName
    options.environment = Process.environment
    options.socketPath = "\(path)/\(Self.socket)"
    if let tlsCertificate, let tlsKey { options.certificate = (tlsCertificate, tlsKey) }
    return options
  }

  private func services(for store: Store, _ logger: Logger) -> [any Service] {
    // Other commands find the store owned, and have the service run them.
    let commands = CommandServer(store: store, logger: logger) { await DaybookCommand.status(of: $0).rawValue }
    guard syncing.isWanted, !ephemeral else { return [commands] }
    let (stopSyncing, stopReplicating) = (StopSignal(), StopSignal())
    let replicator = Replicator(
      store, with: syncing.syncWith, by: RemoteConnector(of: store.path, stop: stopReplicating))
    return [
      commands,
      Replication(replicator, stop: stopReplicating),
      AutomaticSync(
        store, with: syncing.syncWith, every: .seconds(syncing.syncEvery),
        by: RemoteConnector(of: store.path, stop: stopSyncing), stop: stopSyncing, logger: logger),
    ]
  }

  private func announce(_ address: String) {
    try? Output.line(address)
    global.note("Serving on \(address). Try \(address)/docs in a browser; Ctrl-C stops.")
  }

  /// An error of the network in words.
  private static func explained(_ error: any Error, address: String) -> any Error {
    if error is StoreError { return error }
    return StoreError(
      .unavailable, "The service on \(address) failed.", hint: "Is the port taken? --port 0 takes one that is free.",
      cause: error)
  }
}

/// Whether and how a service syncs by itself.
struct SyncingOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("The remote to sync with; by default the only one, or 'origin'.", valueName: "remote"))
  var syncWith: String?

  @Option(help: ArgumentHelp("How many seconds there are at most between two syncs.", valueName: "seconds"))
  var syncEvery = DaybookServer.Limits.syncIntervalSeconds

  @Flag(help: "Leave syncing to `daybook sync`.")
  var noSync = false

  var isWanted: Bool { !noSync }

  func validate() throws {
    if noSync, syncWith != nil { throw ValidationError("--no-sync and --sync-with exclude each other.") }
    if !(1...86_400).contains(syncEvery) { throw ValidationError("--sync-every must be 1 to 86400 seconds.") }
  }
}

/// Who writes, and how durably, where a request does not say.
struct ServingOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Who makes changes, as 'Name <mail>'; by default $DAYBOOK_AUTHOR, else Git's user.", valueName: "author"))
  var author: String?

  @Option(help: "What must have happened before a write is answered.")
  var durability: Durability?
}
