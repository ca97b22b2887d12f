import Daybook
import DaybookRuntime
import HTTPTypes
import TestSupport
import Testing

@testable import DaybookServer

/// Two users of one service: by no route does one come to anything of the other's.
struct IsolationTests {
  /// Stands in every member of what is Ann's.
  private static let canary = "canary-7f3a"

  private static let journal = """
    {
      "$schema": "https://json-schema.org/draft/2020-12/schema",
      "x-daybook": {
        "collection": "journal", "ids": "uuid7", "indexes": {"user": ["/user", "/title"]}, "excerpt": ["/title"],
        "text": ["/title"], "series": {"messages": {"items": {"type": "object"}}}
      },
      "type": "object"
    }
    """

  @Test func byNoRouteDoesAUserComeToWhatIsAnothers() async throws {
    try await TestUsers.with(kinds: [("journal", Self.journal)]) { users in
      let addresses = try await Self.writeAsAnn(users)
      let before = try addresses.map { try users.service.store.snapshot().revision($0) }
      var seen: [Int: Int] = [:]
      for endpoint in Endpoints.all where Self.isAsked(endpoint) {
        let bob = try await users.signedIn("bob")
        for address in addresses {
          for request in try Self.requests(endpoint, about: address, users.service.store.snapshot()) {
            let reply = try await users.service.send(request.method, request.path, request.body, headers: bob)
            seen[reply.status / 100, default: 0] += 1
            #expect(reply.status != 500, "\(request): \(reply.text)")
            #expect(!reply.text.contains(Self.canary), "\(request): \(reply.text)")
            #expect(!"\(reply.headers)".contains(Self.canary), "\(request)")
          }
        }
      }
      let after = try addresses.map { try users.service.store.snapshot().revision($0) }
      #expect(after == before)
      #expect(seen[2, default: 0] > 50 && seen[4, default: 0] > 50, "\(seen)")
    }
  }

  /// The same requests by their owner do show it: what the test above asks is not in vain.
  @Test func byTheSameRoutesAUserComesToTheirOwn() async throws {
    try await TestUsers.with(kinds: [("journal", Self.journal)]) { users in
      let addresses = try await Self.writeAsAnn(users)
      let ann = try await users.signedIn("ann")
      var shown: Set<String> = []
      for endpoint in Endpoints.all where Self.isAsked(endpoint) && endpoint.method == .get {
        for request in try Self.requests(endpoint, about: addresses[0], users.service.store.snapshot()) {
          let reply = try await users.service.send(request.method, request.path, headers: ann)
          if reply.text.contains(Self.canary) { shown.insert(endpoint.path.text) }
        }
      }
      #expect(
        shown.isSuperset(of: [
          "/v1/documents/{collection}/{id}", "/v1/collections/{collection}", "/v1/series/{collection}/{id}/{series}",
          "/v1/history", "/v1/diff", "/v1/blame",
        ]), "\(shown.sorted())")
    }
  }

  @Test func eventsOfAnotherUserDoNotArrive() async throws {
    try await TestUsers.with(kinds: [("journal", Self.journal)]) { users in
      let start = "\(users.service.store.snapshot().sequence)"
      _ = try await Self.writeAsAnn(users)
      let (ann, bob) = (try await users.signedIn("ann"), try await users.signedIn("bob"))
      try await users.service.call(
        "POST", "/v1/collections/journal", ["user": "bob", "title": "mine"], headers: bob, gives: 201)
      let forBob = try await users.service.events(after: start, count: 1, headers: bob)
      #expect(forBob.first?.data["excerpt"]?["title"] == "mine")
      let forAnn = try await users.service.events(after: start, count: 2, headers: ann)
      #expect(forAnn.allSatisfy { "\($0.data)".contains(Self.canary) })
    }
  }

  @Test func nobodyGivesADocumentToAnotherOrTakesTheStores() async throws {
    try await TestUsers.with(kinds: [("journal", Self.journal)]) { users in
      let bob = try await users.signedIn("bob")
      let service = users.service
      try await service.call("POST", "/v1/collections/journal", ["title": "x"], headers: bob, gives: 403)
      try await service.call("POST", "/v1/collections/journal", ["user": "ann"], headers: bob, gives: 403)
      let made = try await service.call("POST", "/v1/collections/journal", ["user": "bob"], headers: bob, gives: 201)
      let address = try #require(made["document"]?.string)
      try await service.call("PATCH", "/v1/documents/\(address)", ["user": "ann"], headers: bob, gives: 403)
      try await service.call("PATCH", "/v1/documents/\(address)", ["title": "y"], headers: bob)
      try await service.call("POST", "/v1/undo", headers: bob)
      try await service.call("GET", "/v1/documents/profiles/llm/gpt-4o", headers: bob)
      try await service.call(
        "PATCH", "/v1/documents/profiles/llm/gpt-4o", ["temperature": 0.1], headers: bob, gives: 403)
      try await service.call("POST", "/v1/rollback", ["to": "HEAD~1"], headers: bob, gives: 403)
      for path in ["/v1/status", "/v1/statistics", "/metrics", "/api/v1/users", "/api/v1/codes"] {
        try await service.call("GET", path, headers: bob, gives: 403)
        try await service.call("GET", path, headers: try await users.signedIn("owner"))
      }
    }
  }

  /// An id that was another's shows nothing of what was there then.
  @Test func whoMakesADocumentAnewDoesNotComeToTheOldOne() async throws {
    try await TestUsers.with(kinds: [("journal", Self.journal)]) { users in
      let (address, service) = (try await Self.writeAsAnn(users)[0], users.service)
      let point = "\(service.store.snapshot().sequence)"
      let (ann, bob) = (try await users.signedIn("ann"), try await users.signedIn("bob"))
      try await service.call("DELETE", "/v1/documents/\(address)", headers: ann)
      try await service.call(
        "PUT", "/v1/documents/\(address)", ["user": "bob", "title": "x"], headers: bob, gives: 201)
      for path in [
        "/v1/documents/\(address)?at=\(point)", "/v1/history?document=\(address)", "/v1/blame?document=\(address)",
        "/v1/diff?from=\(point)&document=\(address)", "/v1/history",
      ] {
        let reply = try await service.send("GET", path, headers: bob)
        #expect(!reply.text.contains(Self.canary), "\(path): \(reply.text)")
      }
      for body: JSONValue in [
        ["document": .string(address), "to": .string(point)],
        ["document": .string(address), "to": .string(point), "pointer": "/title"],
      ] {
        try await service.call("POST", "/v1/revert", body, headers: bob, gives: 404)
      }
    }
  }

  // MARK: What is Ann's

  /// Documents of Ann's, written as a client of hers would; their addresses.
  private static func writeAsAnn(_ users: TestUsers) async throws -> [String] {
    let canary = JSONValue.string(canary)
    let store = users.service.store
    let author = Author(name: "ann", email: "ann@localhost")
    var addresses: [String] = []
    func write(_ collection: String, _ members: JSONObject) async throws {
      var members = members
      members["user"] = "ann"
      let receipt = try await store.transaction(author: author, origin: .service) { [members] transaction in
        _ = try transaction.create(in: collection, .object(members))
      }
      addresses += receipt.documents.map { "\($0.address)" }
    }
    let moment: JSONValue = "2026-11-21T06:40:00Z"
    try await write("journal", ["title": canary, "text": [canary]])
    try await write("tasks", ["task_type": canary, "status": "pending"])
    try await write("sessions", ["title": canary, "status": "active"])
    try await write("panels", ["layout": ["widgets": canary]])
    try await write(
      "research", ["query": canary, "status": "planned", "created_at": moment, "updated_at": moment])
    for address in [addresses[0], addresses[2]] {
      try await store.transaction(author: author, origin: .service) {
        try $0.append([["role": "user", "content": canary]], to: "messages", of: address)
      }
    }
    let journal = addresses[0]
    try await store.transaction(author: author, origin: .service) {
      try $0.patch(journal, merging: ["title": .string("\(Self.canary)-2")])
    }
    _ = try await users.rules().makeAgentToken(
      Self.canary, scopes: [Grant.Scope("*", .read)], seconds: 60, for: Caller(user: "ann", author: author))
    return addresses
  }

  // MARK: Requests

  private struct TestRequest: CustomStringConvertible {
    let method: String
    let path: String
    var body: JSONValue?
    var description: String { "\(method) \(path) \(body?.compactText ?? "")" }
  }

  /// Streams never end; real calls of profiles leave the machine; and Bob keeps his password.
  private static func isAsked(_ endpoint: Endpoint) -> Bool {
    !["/v1/events", "/api/v1/profiles/{kind}/test", "/api/v1/auth/password"].contains(endpoint.path.text)
  }

  /// What can be asked of an endpoint about a document: with no parameter of the query, with each by itself, and with each
  /// body that could concern it.
  private static func requests(
    _ endpoint: Endpoint, about address: String, _ snapshot: Snapshot
  ) throws -> [TestRequest] {
    let first = try snapshot.history(of: address).last?.commit.sequence ?? 1
    let slash = address.lastIndex(of: "/") ?? address.endIndex
    let (collection, id) = (String(address[..<slash]), String(address[address.index(after: slash)...]))
    let values = [
      "collection": collection, "id": id, "series": "messages", "name": "ann", "key": "search.max_results",
      "kind": "llm", "agent_name": "summary", "document": address, "from": "\(first)", "to": "HEAD", "at": "HEAD",
      "session": id, "author": "ann", "q": "canary", "where": "user=ann", "batch": "autumn", "limit": "100",
      "tail": "10", "sort": "-title", "origin": "service", "dry_run": "true",
    ]
    let path =
      "/"
      + endpoint.path.segments.map { segment in
        switch segment {
        case .literal(let text): text
        case .parameter(let name), .manySegments(let name): values[name] ?? id
        }
      }.joined(separator: "/")
    let query = endpoint.parameters.filter { $0.place == .query }
    let required = query.filter(\.isRequired).map { "\($0.name)=\(values[$0.name] ?? id)" }
    let optional = query.filter { !$0.isRequired }.compactMap { parameter in
      values[parameter.name].map { "\(parameter.name)=\($0)" }
    }
    let queries = [required] + optional.map { required + [$0] }
    return queries.flatMap { query in
      let whole = query.isEmpty ? path : "\(path)?\(query.joined(separator: "&"))"
      return bodies(endpoint, address, snapshot.sequence).map {
        TestRequest(method: endpoint.method.rawValue, path: whole, body: $0)
      }
    }
  }

  private static func bodies(_ endpoint: Endpoint, _ address: String, _ sequence: UInt64) -> [JSONValue?] {
    guard let body = endpoint.body else { return [nil] }
    let document = JSONValue.string(address)
    switch endpoint.path.text {
    case "/v1/transactions":
      let operations: [JSONValue] = [
        ["op": "put", "document": document, "value": ["user": "bob"]],
        ["op": "merge", "document": document, "value": ["user": "bob"]],
        ["op": "merge", "document": document, "value": [:]],
        ["op": "patch", "document": document, "value": [["op": "test", "path": "/user", "value": "ann"]]],
        ["op": "append", "document": document, "series": "messages", "items": [["role": "user", "content": "x"]]],
        ["op": "delete", "document": document],
      ]
      return operations.map { ["operations": [$0]] }
    case "/v1/revert":
      return [["document": document, "to": "#1"], ["document": document, "to": "HEAD", "pointer": "/title"]]
        + (1...sequence).map { ["commit": .string("#\($0)")] }
    case "/v1/rollback": return [["to": "#1"]]
    default: return [body.example, [:], ["user": "bob"], ["user": "ann"]]
    }
  }
}
