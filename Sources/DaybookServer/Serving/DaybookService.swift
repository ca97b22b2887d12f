package import Daybook
package import DaybookRuntime
import Hummingbird
import HummingbirdCore
import HummingbirdTLS
package import Logging
import NIOCore
import NIOSSL
package import ServiceLifecycle
package import UnixSignals

/// A store as a service over HTTP. It runs until it is asked to stop; then it takes no new requests, finishes those
/// that have begun, ends streams of events, and returns. Whoever opened the store closes it.
package struct DaybookService: Sendable {
  private let store: Store
  private let options: ServiceOptions
  private let author: Author
  private let logger: Logger
  private let deferred: DeferredWrites?

  package init(
    _ store: Store, _ options: ServiceOptions, author: Author, logger: Logger,
    deferred: DeferredWrites? = nil
  ) {
    self.deferred = deferred
    self.store = store
    self.options = options
    self.author = author
    self.logger = logger
  }

  /// - Parameters:
  ///   - others: what is to run beside it, and to be stopped with it.
  ///   - onRunning: called once it listens, with its address.
  package func run(
    stoppingOn signals: [UnixSignal] = [.sigterm, .sigint], beside others: [any Service] = [],
    onRunning: @escaping @Sendable (String) async -> Void
  ) async throws {
    let agents = AgentSessions(store)
    let inbox = InboxKeeper(store, agents.threads, logger: logger)
    let events = EventHub(store, heartbeat: options.patience.heartbeat, logger: logger) { inbox.note($0) }
    let status = StatusReader(store)
    let growth = GrowthWatch(status, options.thresholds, logger: logger)
    let settings = Settings(store)
    let entitlements = Entitlements(store) { () throws(StoreError) in try settings.entitlementsOptions() }
    let users = Users(store, options.users, settings: settings)
    let negotiations = Negotiations(store)
    let deferred =
      try self.deferred
      ?? DeferredWrites(
        store, admits: { users.admits($0, hasUsers: (try? settings.hasUsers()) ?? true) },
        make: { try await $0.make(in: negotiations, for: $1) })
    let leases = try await LeaseKeeper.begin(store, machine: options.machine, logger: logger)
    let rooms = Rooms(
      store: store, settings: settings, users: users, entitlements: entitlements, events: events,
      requests: RequestTable(store), tasks: leases.tasks, leases: leases, sessions: Sessions(store),
      panels: Panels(store),
      research: Research(store), negotiations: negotiations, agents: agents, deferred: deferred,
      metrics: ServiceMetrics(), bodies: BodyRoom(Limits.bodiesBytes),
      reading: BoundedWork(atOnce: Limits.longReadsAtOnce, waiting: Limits.longReadsWaiting), status: status,
      growth: growth,
      environment: options.environment, logger: logger)
    var services: [any Service] =
      others + [leases, growth, inbox, UsageKeeper(entitlements, logger: logger), try application(rooms, onRunning)]
    if let path = options.socketPath { services.append(try socket(rooms, path)) }
    // They are stopped from the last to the first: streams of events end before the servers wait for their requests.
    services.append(events)
    var configuration = ServiceGroupConfiguration(
      services: services, gracefulShutdownSignals: signals, logger: logger)
    configuration.maximumGracefulShutdownDuration = .seconds(Limits.stopSeconds)
    let ended: Result<Void, any Error>
    do {
      ended = .success(try await ServiceGroup(configuration: configuration).run())
    } catch {
      ended = .failure(error)
    }
    // Also when it could not listen, or did not stop in time: accepted writes have their last try.
    await deferred.close()
    await leases.end()
    try ended.get()
  }

  private func application(
    _ rooms: Rooms, _ onRunning: @escaping @Sendable (String) async -> Void
  ) throws -> some Service {
    let (scheme, host) = (options.certificate == nil ? "http" : "https", options.host)
    let responder = LateResponder()
    return Application(
      responder: responder, server: try server(),
      configuration: ApplicationConfiguration(
        address: .hostname(host, port: options.port), serverName: nil, backlog: Limits.backlog,
        availableConnectionsDelegate: MaximumAvailableConnections(Limits.connections, logger: quietLogger)),
      onServerRunning: { channel in
        // Which names are right depends on the port, and that may be the system's choice.
        let port = channel.localAddress?.port ?? options.port
        let address = "\(scheme)://\(host.contains(":") ? "[\(host)]" : host):\(port)"
        responder.open(
          self.responder(
            rooms, HostRule(port: port, others: options.allowedHosts),
            Door(
              owner: author, isEncrypted: options.certificate != nil, proxies: proxies),
            address: address))
        await onRunning(address)
      }, logger: quietLogger)
  }

  private func socket(_ rooms: Rooms, _ path: String) throws -> some Service {
    Application(
      responder: responder(rooms, .any, Door(owner: author, isLocal: true), address: "http://localhost"),
      server: .http1(configuration: http),
      configuration: ApplicationConfiguration(
        address: .unixDomainSocket(path: path), serverName: nil, backlog: Limits.backlog,
        availableConnectionsDelegate: MaximumAvailableConnections(Limits.connections, logger: quietLogger)),
      logger: quietLogger)
  }

  private func responder(_ rooms: Rooms, _ hosts: HostRule, _ door: Door, address: String) -> Responder {
    let endpoints = Endpoints.all
    return Responder(
      rooms: rooms,
      table: EndpointTable(endpoints + DocumentationEndpoints.all(describing: endpoints, address: address)),
      hosts: hosts, door: door, patience: options.patience)
  }

  private func server() throws -> HTTPServerBuilder {
    guard let certificate = options.certificate else { return .http1(configuration: http) }
    do {
      let chain = try NIOSSLCertificate.fromPEMFile(certificate.chain).map { NIOSSLCertificateSource.certificate($0) }
      let key = try NIOSSLPrivateKey(file: certificate.key, format: .pem)
      return try .tls(
        .http1(configuration: http),
        tlsConfiguration: .makeServerConfiguration(certificateChain: chain, privateKey: .privateKey(key)))
    } catch {
      throw StoreError(
        .usage, "The certificate '\(certificate.chain)' and its key '\(certificate.key)' cannot be used.",
        hint: "Both are files in PEM; the certificate comes first in its chain.", cause: error)
    }
  }

  private var http: HTTP1Channel.Configuration {
    let patience = options.patience
    let addresses = AddressCounts(Limits.connectionsOfAddress, proxies: proxies)
    // The guard has its own clock, which also knows bodies that nobody reads.
    return HTTP1Channel.Configuration(
      additionalChannelHandlers: [ConnectionGuard(patience, addresses)], idleTimeout: nil,
      httpDecoderConfiguration: HTTP1Channel.Configuration.DecoderConfiguration(
        maxHeaderFieldSize: Limits.headerBytes, maxHeaderListSize: Limits.headersBytes,
        maxHeaderFieldCount: Limits.headers))
  }

  private var proxies: Set<String> { Set(options.proxies.map(Peer.host)) }

  /// What the server itself has to say is about connections, and rarely of interest.
  private var quietLogger: Logger {
    var logger = logger
    logger.logLevel = max(logger.logLevel, .notice)
    return logger
  }
}

/// All endpoints but those that describe them.
enum Endpoints {
  static let all: [Endpoint] =
    DocumentEndpoints.all + TransactionEndpoints.all + CollectionEndpoints.all + SeriesEndpoints.all
    + ProfileEndpoints.all + SettingsEndpoints.all + HistoryEndpoints.all + PlanEndpoints.all
    + ConflictEndpoints.all + EventEndpoints.all
    + TaskEndpoints.all + LeaseEndpoints.all + SessionEndpoints.all + PanelEndpoints.all + ResearchEndpoints.all
    + NegotiationEndpoints.all
    + TicketEndpoints.all + ThreadEndpoints.all + AgentSessionEndpoints.all + CheckpointEndpoints.all
    + InboxEndpoints.all + MemoryEndpoints.all + ObservingEndpoints.all + UsersEndpoints.all
}
