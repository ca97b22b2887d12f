import AsyncHTTPClient
import Daybook
import Foundation
import NIOCore
import NIOSSL
import TestSupport
import Testing

/// A client's way through the service, over a real connection to a real process.
struct WalkTests {
  @Test func aClientFindsEverythingWhereItWasAfterTheServiceIsKilled() async throws {
    let store = try TemporaryStore(withTemplate: true)
    let service = try await ServiceProcess(store)
    let profile: JSONValue = [
      "id": "work", "value": ["name": "Work", "provider": "openai", "model": "m"], "activate": true,
    ]
    let added = try await service.send("POST", "/api/v1/profiles/llm", profile)
    #expect(added.status == 201)

    let session = try await service.send(
      "POST", "/api/v1/chat/sessions",
      ["title": "Feeds", "messages": [["role": "user", "content": "What is new?"]]])
    let sessionID = try #require(session.json["id"]?.string)
    let asked = try await service.send(
      "POST", "/api/v1/chat/sessions/\(sessionID)/ask", ["question": "Which feed?", "options": ["a", "b"]])
    #expect(asked.json["value"]?["status"] == "waiting_user")

    let task = try await service.send("POST", "/api/v1/tasks", ["task_type": "digest"])
    let taskID = try #require(task.json["id"]?.string)
    let sequence = try await service.send("GET", "/v1/status").json["sequence"]?.integer ?? 0
    try await service.send("POST", "/api/v1/tasks/\(taskID)/start")
    try await service.send("PATCH", "/api/v1/tasks/\(taskID)/progress", ["percent": 40, "message": "Reading"])
    let live = try await Self.events(of: service, after: sequence, "tasks", count: 2)
    #expect(live.map { $0["excerpt"]?["status"] } == ["processing", "processing"])
    #expect(live.last?["excerpt"]?["progress"] == 40)

    service.strike()
    let again = try await ServiceProcess(store)
    let resolved = try await again.send("GET", "/api/v1/profiles/llm/resolve")
    #expect(resolved.json["profile"] == "llm/work")
    let answered = try await again.send(
      "POST", "/api/v1/chat/answer", ["session_id": .string(sessionID), "answer": "a"])
    #expect(answered.status == 200)
    let messages = answered.json["messages"]?["items"]?.array?.compactMap { $0["content"]?.string } ?? []
    #expect(messages.first == "What is new?")
    #expect(messages.last == "a")
    let twice = try await again.send(
      "POST", "/api/v1/chat/answer", ["session_id": .string(sessionID), "answer": "b"])
    #expect(twice.status == 409)
    let interrupted = try await again.send("GET", "/api/v1/tasks/\(taskID)")
    #expect(interrupted.json["value"]?["progress"] == 40)
    let history = try await again.send("GET", "/v1/history?document=tasks/\(taskID)")
    #expect(history.json["commits"]?.array?.count ?? 0 >= 3)
    #expect(again.stop() == 0)
    try store.checkGit()
  }

  @Test func aServiceInMemoryForgetsWhenItEnds() async throws {
    let store = try TemporaryStore()
    let service = try await ServiceProcess(store, options: ["--ephemeral"])
    let task = try await service.send("POST", "/v1/collections/tasks", ["task_type": "a", "status": "pending"])
    #expect(task.status == 201)
    let folder = try #require(try Self.ephemeralFolder(of: service))
    #expect(FileManager.default.fileExists(atPath: folder))
    #expect(service.stop() == 0)
    #expect(!FileManager.default.fileExists(atPath: folder))
  }

  @Test func aServiceWithACertificateSpeaksHTTPS() async throws {
    let store = try TemporaryStore(withTemplate: true)
    let (chain, key) = (store.folder + "/chain.pem", store.folder + "/key.pem")
    _ = try Command.run(
      "/usr/bin/env",
      [
        "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
        "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", chain,
      ])
    var tls = TLSConfiguration.makeClientConfiguration()
    tls.trustRoots = .file(chain)
    let client = HTTPClient(configuration: HTTPClient.Configuration(tlsConfiguration: tls))
    let service = try await ServiceProcess(
      store, options: ["--tls-certificate", chain, "--tls-key", key], client: client)
    #expect(service.address.hasPrefix("https://"))
    let read = try await service.send("GET", "/v1/documents/profiles/llm/gpt-4o")
    #expect(read.json["model"] == "gpt-4o")
    #expect(service.stop() == 0)
    try await client.shutdown()
  }

  /// The folder in memory that holds a file which the service has open.
  private static func ephemeralFolder(of service: ServiceProcess) throws -> String? {
    let files = "/proc/\(service.processID)/fd"
    let open = try FileManager.default.contentsOfDirectory(atPath: files)
      .compactMap { try? FileManager.default.destinationOfSymbolicLink(atPath: "\(files)/\($0)") }
    let path = open.first { $0.hasPrefix("/dev/shm/daybook-") }
    return path.map { "/" + $0.split(separator: "/").prefix(3).joined(separator: "/") }
  }

  private static func events(
    of service: ServiceProcess, after sequence: Int, _ collection: String, count: Int
  ) async throws -> [JSONValue] {
    let address = "\(service.address)/v1/events?after=\(sequence)&collection=\(collection)"
    let response = try await HTTPClient.shared.execute(HTTPClientRequest(url: address), timeout: .seconds(60))
    var (lines, events) = ("", [JSONValue]())
    for try await part in response.body {
      lines += String(buffer: part)
      events = lines.split(separator: "\n").filter { $0.hasPrefix("data: ") }.compactMap {
        (try? JSONText(parsing: String($0.dropFirst(6))))?.root.value
      }
      if events.count >= count { break }
    }
    return events
  }
}
