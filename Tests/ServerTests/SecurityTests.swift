import Daybook
import HTTPTypes
import TestSupport
import Testing

@testable import DaybookServer

struct SecurityTests {
  @Test(arguments: [
    ("127.0.0.1:4640", true), ("localhost:4640", true), ("LOCALHOST:4640", true), ("[::1]:4640", true),
    ("daybook.example.org", true), ("daybook.example.org:4640", true), ("localhost", false), ("localhost:4641", false),
    ("evil.example.org:4640", false), ("127.0.0.1.evil.example.org:4640", false), ("", false),
  ])
  func onlyTheServicesOwnNamesAreAnswered(host: String, isAdmitted: Bool) {
    #expect(HostRule(port: 4640, others: ["daybook.example.org"]).admits(host) == isAdmitted)
  }

  @Test func aPageOfAnotherSiteMayNotWrite() throws {
    func admits(
      _ method: HTTPRequest.Method, _ headers: [(HTTPField.Name, String)], isEncrypted: Bool = false
    ) -> Bool {
      var fields = HTTPFields()
      for (name, value) in headers { fields[name] = value }
      return SiteRule.admits(method, fields, host: "localhost:4640", isEncrypted: isEncrypted)
    }
    #expect(admits(.post, [(.origin, "https://localhost:4640")], isEncrypted: true))
    #expect(!admits(.post, [(.origin, "http://localhost:4640")], isEncrypted: true))
    #expect(!admits(.post, [(.origin, "http://localhost:4640.evil.example.org")]))
    #expect(admits(.post, []))
    #expect(admits(.post, [(.origin, "http://localhost:4640")]))
    #expect(admits(.post, [(.secFetchSite, "same-origin")]))
    #expect(!admits(.post, [(.origin, "http://evil.example.org")]))
    #expect(!admits(.post, [(.origin, "null")]))
    #expect(!admits(.put, [(.secFetchSite, "cross-site")]))
    #expect(!admits(.delete, [(.secFetchSite, "same-site"), (.origin, "http://localhost:4640")]))
    #expect(admits(.get, [(.secFetchSite, "cross-site")]))
  }

  @Test func hostileRequestsAreRefusedAndChangeNothing() async throws {
    try await TestService.with { service in
      let before = service.store.snapshot().sequence
      let task: JSONValue = ["task_type": "a", "status": "pending"]
      let hostile: [(headers: [String: String], status: Int)] = [
        (["host": "evil.example.org"], 421), (["origin": "http://evil.example.org"], 403),
        (["sec-fetch-site": "cross-site"], 403), (["content-type": "text/plain"], 415),
        (["content-encoding": "gzip"], 415), (["daybook-author": "nobody"], 422),
      ]
      for (headers, status) in hostile {
        let reply = try await service.send("POST", "/v1/collections/tasks", task, headers: headers)
        #expect(reply.status == status, "\(headers)")
      }
      let read = try await service.send("GET", "/v1/status", headers: ["host": "evil.example.org"])
      #expect(read.status == 421)
      #expect(service.store.snapshot().sequence == before)
    }
  }

  @Test(arguments: [
    "/v1/documents/profiles/llm/%2e%2e", "/v1/documents/profiles/llm/%2E%2E%2Fx", "/v1/documents/profiles/llm/a%5Cb",
    "/v1/documents/profiles/llm/a%00b", "/v1/documents/%2e%2e/%2e%2e/etc/passwd", "/v1/documents/.git/config",
    "/v1/documents/profiles/llm/%FF", "/v1/documents/schemas/x",
  ])
  func anIDThatTriesToLeaveTheStoreIsRefused(path: String) async throws {
    try await TestService.with { service in
      let before = service.store.snapshot().sequence
      let reply = try await service.send("PUT", path, ["name": "x", "provider": "openai", "model": "m"])
      #expect([400, 403, 404].contains(reply.status), "\(reply.status) \(reply.text)")
      #expect(!reply.text.contains(service.temporary.path))
      #expect(service.store.snapshot().sequence == before)
    }
  }

  @Test(arguments: [
    "/v1/events?after=0-abcd.0", "/v1/events?after=0-abcd", "/v1/events?after=99999999999999999999",
    "/v1/history?before=1e30", "/v1/history?before=-1", "/v1/history?limit=1e30", "/v1/history?limit=0",
    "/v1/collections/tasks?limit=99999999999999999999", "/v1/events?after=-1", "/v1/collections/tasks?limit=1.5",
  ])
  func aNumberThatCannotBeIsRefusedAndEndsNothing(path: String) async throws {
    try await TestService.with { service in
      let reply = try await service.send("GET", path)
      #expect(reply.status == 400, "\(reply.text)")
      let last = try await service.send("GET", "/v1/events", headers: ["last-event-id": "0-abcd.0"])
      #expect(last.status == 400, "\(last.text)")
      try await service.call("GET", "/healthz")
    }
  }

  @Test func aBodyWhereNoneIsTakenIsRefusedHoweverItComes() async throws {
    try await TestService.with { service in
      try await service.call("GET", "/v1/status", ["a": 1], gives: 400)
      let answer = try await RawConnection.with(service) { connection in
        try await connection.ask("GET", "/v1/status", of: service, "Transfer-Encoding: chunked")
        try await connection.send("1\r\nx\r\n0\r\n\r\n")
        return try await connection.answer(through: "\r\n\r\n")
      }
      #expect(answer.hasPrefix("HTTP/1.1 400"), "\(answer)")
    }
  }

  @Test func strangersSendLittle() async throws {
    try await TestService.with { service in
      for path in ["register", "sign-in", "refresh", "sign-out"] {
        let body: JSONValue = ["name": "ann", "password": .string(String(repeating: "x", count: 9_000))]
        try await service.call("POST", "/api/v1/auth/\(path)", body, gives: 413)
      }
    }
  }

  @Test func aBodyOfVeryManyValuesIsRefused() async throws {
    try await TestService.with { service in
      let body = Array("[\(String(repeating: "1,", count: Limits.bodyNodes))1]".utf8)
      let reply = try await service.send("POST", "/v1/transactions", bytes: body)
      #expect(reply.status == 400, "\(reply.text)")
      #expect(reply.text.contains("values"))
    }
  }

  @Test func whatOneUserMaySeeIsNoCachesToKeepForOthers() async throws {
    try await TestService.with { service in
      let reply = try await service.send("GET", "/v1/collections")
      #expect(reply["cache-control"] == "private, no-cache")
      #expect(reply["vary"] == "Authorization, Cookie")
    }
  }

  @Test func theCookieOfAnEncryptedServiceIsItsOwn() {
    let set = SessionCookie.set("t", seconds: 60, isEncrypted: true)
    #expect(set.hasPrefix("__Host-daybook_session=t;") && set.contains("; Secure") && set.contains("Path=/"))
    var headers = HTTPFields()
    headers[.cookie] = "daybook_session=planted; __Host-daybook_session=t"
    #expect(SessionCookie.token(in: headers, isEncrypted: true) == "t")
    #expect(SessionCookie.token(in: headers, isEncrypted: false) == "planted")
  }

  @Test func aBodyOverItsLimitIsRefusedBeforeItIsRead() async throws {
    try await TestService.with { service in
      let body = Array("{\"to\": \"\(String(repeating: "x", count: 2 << 20))\"}".utf8)
      let reply = try await service.send("POST", "/v1/rollback", bytes: body)
      #expect(reply.status == 413, "\(reply.text)")
    }
  }

  @Test func aMethodThatIsNotPossibleIsToldWhichAre() async throws {
    try await TestService.with { service in
      let reply = try await service.send("DELETE", "/v1/status")
      #expect(reply.status == 405)
      #expect(reply["allow"] == "GET")
      #expect(try await service.send("GET", "/v2/nothing").status == 404)
      #expect(try await service.send("GET", "/v1/status?colour=red").status == 400)
    }
  }
}
