import Daybook
import DaybookRuntime
import HTTPTypes
import Logging
import NIOCore
import TestSupport
import Testing

@testable import DaybookServer

/// Clients that are slow, silent or gone, on sockets of their own.
struct ConnectionTests {
  private static func impatient(_ change: (inout Patience) -> Void) -> (inout ServiceOptions) -> Void {
    var patience = Patience()
    patience.farewell = .milliseconds(200)
    change(&patience)
    return { [patience] in $0.patience = patience }
  }

  @Test(.timeLimit(.minutes(20))) func headersThatNeverEndEndTheConnection() async throws {
    try await TestService.with(Self.impatient { $0.idle = .milliseconds(500) }) { service in
      let answer = try await RawConnection.with(service) { connection in
        try? await connection.send("GET /healthz HTTP/1.1\r\nX-Slow: ")
        return await connection.answer { await connection.keepSending("x") }
      }
      #expect(answer == "")
      try await service.call("GET", "/healthz")
    }
  }

  @Test(.timeLimit(.minutes(20))) func aBodyThatPausesTooLongIsAnsweredWith408() async throws {
    let rule = BodyPace.Rule(silence: .milliseconds(300), start: .seconds(60), bytesPerSecond: 1 << 20)
    try await TestService.with(Self.impatient { $0.body = rule }) { service in
      let answer = try await RawConnection.with(service) { connection in
        try await connection.ask(
          "POST", "/v1/rollback", of: service, "Content-Type: application/json", "Content-Length: 100")
        try await connection.send("{\"to\": ")
        return await connection.answer()
      }
      #expect(answer.hasPrefix("HTTP/1.1 408"), "\(answer)")
      #expect(answer.lowercased().contains("connection: close"))
    }
  }

  @Test(.timeLimit(.minutes(20))) func aBodyThatComesByteByByteIsAnsweredWith408() async throws {
    let rule = BodyPace.Rule(silence: .seconds(60), start: .milliseconds(500), bytesPerSecond: 1 << 20)
    try await TestService.with(Self.impatient { $0.body = rule }) { service in
      let answer = try await RawConnection.with(service) { connection in
        try await connection.ask(
          "POST", "/v1/rollback", of: service, "Content-Type: application/json", "Content-Length: 100000")
        return await connection.answer { await connection.keepSending(" ") }
      }
      #expect(answer.hasPrefix("HTTP/1.1 408"), "\(answer)")
    }
  }

  @Test(.timeLimit(.minutes(20)), arguments: [("/nothing", 404), ("/v1/status", 405), ("/v1/rollback", 413)])
  func whoIsAnsweredBeforeAllHasComeIsNotReadToTheEnd(path: String, status: Int) async throws {
    try await TestService.with(Self.impatient { _ in }) { service in
      let answer = try await RawConnection.with(service) { connection in
        try await connection.ask(
          "POST", path, of: service, "Content-Type: application/json", "Content-Length: 1000000000000")
        return await connection.answer { await connection.keepSending("x") }
      }
      #expect(answer.hasPrefix("HTTP/1.1 \(status)"), "\(answer)")
      #expect(answer.lowercased().contains("connection: close"))
    }
  }

  @Test(.timeLimit(.minutes(20))) func aBodyThatBreaksOffIsTheClientsFault() async throws {
    try await TestService.with(Self.impatient { _ in }) { service in
      try await RawConnection.with(service) { connection in
        try await connection.ask(
          "POST", "/v1/rollback", of: service, "Content-Type: application/json", "Content-Length: 100")
        try await connection.send("{")
      }
      let broken = try await RawConnection.with(service) { connection in
        try await connection.ask(
          "POST", "/v1/rollback", of: service, "Content-Type: application/json", "Transfer-Encoding: chunked")
        try await connection.send("nothing\r\n")
        return await connection.answer()
      }
      #expect(broken.hasPrefix("HTTP/1.1 400"), "\(broken)")
      let count = "daybook_requests_total{endpoint=\"post_v1_rollback\",status=\"4xx\"} 2"
      while true {
        let metrics = try await service.send("GET", "/metrics").text
        #expect(!metrics.contains("status=\"5xx\""))
        if metrics.contains(count) { break }
        try await Task.sleep(for: .milliseconds(20))
      }
    }
  }

  @Test(
    .timeLimit(.minutes(20)),
    arguments: [
      ("nothing at all\r\n\r\n", 400), ("GET /\(String(repeating: "x", count: 65_536)) HTTP/1.1\r\n\r\n", 431),
    ])
  func whatIsNoRequestIsToldWhy(text: String, status: Int) async throws {
    try await TestService.with(Self.impatient { _ in }) { service in
      let answer = try await RawConnection.with(service) { connection in
        try await connection.send(text)
        return await connection.answer()
      }
      #expect(answer.hasPrefix("HTTP/1.1 \(status)"), "\(answer)")
      #expect(answer.contains("application/problem+json"))
      #expect(answer.hasSuffix("}"))
    }
  }

  @Test(.timeLimit(.minutes(20))) func aReaderOfEventsThatGoesGivesItsPlaceBackAtOnce() async throws {
    // No sign of life finds out that it has gone.
    try await TestService.with(Self.impatient { $0.heartbeat = .seconds(3_600) }) { service in
      try await RawConnection.with(service) { connection in
        try await connection.ask("GET", "/v1/events", of: service)
        _ = try await connection.answer(through: "id: ")
        #expect(try await service.eventReaders == 1)
      }
      while try await service.eventReaders > 0 { try await Task.sleep(for: .milliseconds(20)) }
    }
  }

  @Test(.timeLimit(.minutes(20))) func aReaderOfEventsThatTakesNothingIsLetGo() async throws {
    try await TestService.with(Self.impatient { $0.reader = .milliseconds(300) }) { service in
      try await RawConnection.with(service, receiveBytes: 4_096) { connection in
        try await connection.ask("GET", "/v1/events?after=0", of: service)
        _ = try await connection.answer(through: "id: ")
        let text = JSONValue.string(String(repeating: "x", count: 40 << 10))
        // More than what the system takes for a client.
        for _ in 0..<4 {
          try await service.store.transaction { transaction in
            for _ in 0..<50 {
              let session = try transaction.create(in: "sessions", ["title": "T"])
              try transaction.append([["role": "user", "content": text]], to: "messages", of: "\(session)")
            }
          }
        }
        while try await service.eventReaders > 0 { try await Task.sleep(for: .milliseconds(20)) }
      }
    }
  }

  @Test func aServiceThatCannotListenStillEndsItsWritesThatWait() async throws {
    try await TestService.with { service in
      let port = try #require(service.address.split(separator: ":").last.flatMap { Int($0) })
      let temporary = try TemporaryStore(withTemplate: true)
      let store = try temporary.open()
      var options = ServiceOptions()
      options.port = port
      let deferred = try DeferredWrites(store) { _, _ in throw StoreError(.busy, "Never.") }
      let author = Author(name: "Ann", email: "ann@example.org")
      let other = DaybookService(
        store, options, author: author, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
        deferred: deferred)
      await #expect(throws: (any Error).self) { try await other.run(stoppingOn: []) { _ in } }
      await #expect(throws: StoreError.self) { try await deferred.accept(.begin("n"), for: .owner(author)) }
      try await store.close()
    }
  }

  @Test func oneAddressDoesNotTakeAllConnections() throws {
    let counts = AddressCounts(2, proxies: ["192.0.2.9"])
    for _ in 0..<10 { #expect(counts.take("192.0.2.9") != nil) }
    let first = try #require(counts.take("192.0.2.1"))
    _ = try #require(counts.take("192.0.2.1"))
    #expect(counts.take("192.0.2.1") == nil)
    #expect(counts.take("192.0.2.2") != nil)
    for _ in 0..<10 { #expect(counts.take("127.0.0.1") != nil && counts.take(nil) != nil) }
    first.leave()
    #expect(counts.take("192.0.2.1") != nil)
  }

  @Test func theRoomForBodiesIsGivenBackWithTheRequest() throws {
    let room = BodyRoom(100)
    do {
      let share = room.share
      try share.take(60)
      try share.take(40)
      let problem = #expect(throws: Problem.self) { try room.share.take(1) }
      #expect(problem?.status == .serviceUnavailable)
      #expect(room.count == 100)
    }
    #expect(room.count == 0)
  }
}

extension TestService {
  /// How many readers of events there are.
  var eventReaders: Int {
    get async throws { try await call("GET", "/v1/status")["event_readers"]?.integer ?? -1 }
  }
}
