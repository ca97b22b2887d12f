import AsyncHTTPClient
import Daybook
import DaybookRuntime
import Foundation
import Logging
import NIOCore
import NIOHTTP1
import Synchronization
import TestSupport

@testable import DaybookServer

/// A service on a port of its own, over a store of its own, and a client of it.
final class TestService: Sendable {
  let temporary: TemporaryStore
  let store: Store
  let address: String
  /// Keeps deferred writes of the service from being made.
  let obstacle = Obstacle()
  private let running: Task<Void, any Error>

  init(
    over temporary: TemporaryStore? = nil, _ change: (inout ServiceOptions) -> Void = { _ in }
  ) async throws {
    let temporary = try temporary ?? TemporaryStore(withTemplate: true)
    self.temporary = temporary
    store = try temporary.open()
    var options = ServiceOptions()
    options.port = 0
    change(&options)
    let negotiations = Negotiations(store)
    let deferred = try DeferredWrites(store) { [obstacle] write, caller in
      try obstacle.pass()
      return try await write.make(in: negotiations, for: caller)
    }
    (running, address) = try await Self.start(store, options, deferred)
  }

  private static func start(
    _ store: Store, _ options: ServiceOptions, _ deferred: DeferredWrites
  ) async throws -> (Task<Void, any Error>, String) {
    var logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    logger.logLevel = .critical
    let service = DaybookService(
      store, options, author: Author(name: "Ann", email: "ann@example.org"), logger: logger,
      deferred: deferred)
    let (addresses, announce) = AsyncStream.makeStream(of: String.self)
    let running = Task {
      defer { announce.finish() }
      try await service.run(stoppingOn: []) { announce.yield($0) }
    }
    for await address in addresses { return (running, address) }
    try await running.value
    throw StoreError(.unavailable, "The service ended before it listened.")
  }

  /// Runs a test against a service, and stops that whatever comes.
  static func with(
    _ change: (inout ServiceOptions) -> Void = { _ in }, _ body: (TestService) async throws -> Void
  ) async throws {
    let service = try await TestService(over: nil, change)
    do {
      try await body(service)
    } catch {
      try? await service.stop()
      throw error
    }
    try await service.stop()
  }

  func stop() async throws {
    running.cancel()
    _ = await running.result
    try await store.close()
  }

  // MARK: Requests

  struct Reply {
    let status: Int
    let headers: HTTPHeaders
    let bytes: [UInt8]

    var json: JSONValue { (try? JSONText(parsing: bytes))?.root.value ?? .null }
    var text: String { String(decoding: bytes, as: UTF8.self) }

    /// A header.
    subscript(name: String) -> String? { headers.first(name: name) }
  }

  func send(
    _ method: String, _ path: String, _ body: JSONValue? = nil, headers: [String: String] = [:]
  ) async throws -> Reply {
    try await send(method, path, bytes: body.map { Array($0.compactText.utf8) }, headers: headers)
  }

  func send(
    _ method: String, _ path: String, bytes: [UInt8]?, headers: [String: String] = [:]
  ) async throws -> Reply {
    var request = HTTPClientRequest(url: address + path)
    request.method = HTTPMethod(rawValue: method)
    for (name, value) in headers { request.headers.replaceOrAdd(name: name, value: value) }
    if let bytes {
      if request.headers["content-type"].isEmpty {
        request.headers.add(name: "content-type", value: "application/json")
      }
      request.body = .bytes(ByteBuffer(bytes: bytes))
    }
    let response = try await HTTPClient.shared.execute(request, timeout: .seconds(60))
    let content = try await response.body.collect(upTo: 64 << 20)
    return Reply(
      status: Int(response.status.code), headers: response.headers, bytes: Array(content.readableBytesView))
  }
}

/// What stands in the way of writes, for a reason that passes.
final class Obstacle: Sendable {
  private let isThere = Mutex(false)

  func set(_ isThere: Bool) { self.isThere.withLock { $0 = isThere } }

  func pass() throws {
    if isThere.withLock(\.self) { throw StoreError(.unavailable, "The disk is full.") }
  }
}
