import Daybook
import DaybookRuntime
import HTTPTypes
import Sodium
import TestSupport
import Testing

@testable import DaybookServer

/// Users of one service: by no route does one come to anything of another's.
struct IsolationTests {
  /// Stands in every member of what is Ann's.
  private static let canary = "canary-7f3a"
  /// The same where those who look after the store may see it.
  private static let guardedCanary = "canary-of-owners-51c0"
  private static let thread = "anns-thread"
  private static let checkpoint = "1f0a9c1e-6d3b-6a10-8000-3f2b6c1d9e55"

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

  enum Onlooker: String, CaseIterable {
    case member, agentOfMember, otherOwner
  }

  @Test(arguments: Onlooker.allCases)
  func byNoRouteDoesAUserComeToWhatIsAnothers(onlooker: Onlooker) async throws {
    try await TestUsers.with(kinds: [("journal", Self.journal)]) { users in
      let store = users.service.store
      let written = try await Self.writeAsAnn(users)
      let isOwner = onlooker == .otherOwner
      // Conflicts are looked after by those who look after the store.
      let addresses = isOwner ? written.filter { !$0.hasPrefix("conflicts/") } : written
      let canaries = isOwner ? [Self.canary] : [Self.canary, Self.guardedCanary]
      let before = try addresses.map { try store.snapshot().revision($0) }
      let point = "#\(store.snapshot().sequence)"
      let agent = try await users.agent(of: "bob", [Grant.Scope("*", .decide, secrets: true)])
      var seen: [Int: Int] = [:]
      var asked: Set<String> = []
      for endpoint in Endpoints.all where Self.isAsked(endpoint, by: onlooker) {
        let headers =
          switch onlooker {
          case .member: try await users.signedIn("bob")
          case .agentOfMember: agent
          case .otherOwner: try await users.signedIn("carol")
          }
        for address in addresses {
          let requests = try Self.requests(endpoint, about: address, at: point, store.snapshot())
          for request in requests where asked.insert("\(request)").inserted {
            let reply = try await users.service.send(request.method, request.path, request.body, headers: headers)
            seen[reply.status / 100, default: 0] += 1
            #expect(reply.status != 500, "\(request): \(reply.text)")
            for canary in canaries {
              #expect(!reply.text.contains(canary), "\(request): \(reply.text)")
              #expect(!"\(reply.headers)".contains(canary), "\(request)")
            }
          }
        }
      }
      for (address, revision) in zip(addresses, before) {
        #expect(try store.snapshot().revision(address) == revision, "\(address)")
      }
      #expect(seen[2, default: 0] > 50 && seen[4, default: 0] > 50, "\(seen)")
    }
  }

  /// The same requests by their owner do show it: what the test above asks is not in vain.
  @Test func byTheSameRoutesAUserComesToTheirOwn() async throws {
    try await TestUsers.with(kinds: [("journal", Self.journal)]) { users in
      let addresses = try await Self.writeAsAnn(users)
      let ann = try await users.signedIn("ann")
      var shown: Set<String> = []
      for endpoint in Endpoints.all where Self.isAsked(endpoint, by: .member) && endpoint.method == .get {
        for address in addresses where !address.hasPrefix("settings/sessions") {
          for request in try Self.requests(endpoint, about: address, at: "HEAD", users.service.store.snapshot()) {
            let reply = try await users.service.send(request.method, request.path, headers: ann)
            if reply.text.contains(Self.canary) { shown.insert(endpoint.path.text) }
          }
        }
      }
      #expect(
        shown.isSuperset(of: [
          "/v1/documents/{collection}/{id}", "/v1/collections/{collection}", "/v1/series/{collection}/{id}/{series}",
          "/v1/history", "/v1/diff", "/v1/blame", "/api/v1/threads/{thread_id}", "/api/v1/checkpoints",
          "/api/v1/store/items", "/agent/interrupts/{id}", "/agent/sessions/{session_id}/todos",
          "/api/v1/negotiations/{id}", "/agent/sessions/{session_id}/state", "/api/v1/profiles/{kind}",
          "/api/v1/profiles/{kind}/{id}", "/api/v1/profiles/{kind}/resolve",
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

  /// A page may end at what is another's: its end says nothing, and nobody makes one up.
  @Test func whereAPageEndsIsToldToNobodyAndCannotBeMadeUp() async throws {
    try await TestUsers.with { users in
      let service = users.service
      let (ann, bob) = (try await users.signedIn("ann"), try await users.signedIn("bob"))
      var ids: [String] = []
      for _ in 0..<3 {
        let panel: JSONValue = ["layout": ["columns": 2]]
        let made = try await service.call("POST", "/api/v1/panels", panel, headers: ann, gives: 201)
        ids.append(try #require(made["id"]?.string))
      }
      func walk(_ path: String, _ name: String, headers: [String: String]) async throws -> [String] {
        var (ids, end): ([String], String?) = ([], nil)
        repeat {
          let page = try await service.call("GET", path + (end.map { "&after=\($0)" } ?? ""), headers: headers)
          ids += page["documents"]?.array?.compactMap { $0[name]?.string } ?? []
          end = page["next"]?.string
          if let end {
            let plain = Base64URL.decode(end.utf8).map { String(decoding: $0, as: UTF8.self) } ?? ""
            for id in ids { #expect(!end.contains(id.suffix(12)) && !plain.contains(id.suffix(12))) }
            try await service.call("GET", "\(path)&after=\(end)", headers: bob, gives: 422)
          }
        } while end != nil
        return ids
      }
      let listed = try await walk("/v1/collections/panels?limit=1", "document", headers: ann)
      #expect(Set(listed) == Set(ids.map { "panels/\($0)" }))
      for id in ids { try await service.call("DELETE", "/api/v1/panels/\(id)", headers: ann, gives: 204) }
      #expect(try await Set(walk("/api/v1/panels/deleted?limit=1", "id", headers: ann)) == Set(ids))
      for end in [ids[2], Base64URL.encode(Array(ids[2].utf8)).map { String(UnicodeScalar($0)) }.joined()] {
        for path in ["/api/v1/panels/deleted", "/v1/collections/panels", "/api/v1/profiles/llm"] {
          try await service.call("GET", "\(path)?after=\(end)", headers: ann, gives: 422)
        }
      }
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
      let members = try await service.call("GET", "/v1/blame?document=\(address)", headers: bob)["members"]?.array
      #expect(members?.contains { $0["pointer"] == "/title" } == true)
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
    let ann = Caller(user: "ann", author: author)
    _ = try await users.rules().makeAgentToken(
      Self.guardedCanary, scopes: [Grant.Scope("*", .read)], seconds: 60, for: ann)
    addresses += try await writeSettings(ofSession: addresses[2], ann, store)
    addresses += try await writeAgentState(ann, store)
    addresses += try await writeProfile(ann, store)
    let conflict: JSONObject = [
      "document": .string(journal), "pointer": "/title", "lost": .string(guardedCanary), "status": "open",
    ]
    let receipt = try await store.transaction { _ = try $0.create(in: "conflicts", .object(conflict)) }
    return addresses + receipt.documents.map { "\($0.address)" }
  }

  /// Those of Ann herself, of a session of hers, and of one that is deleted already.
  private static func writeSettings(ofSession session: String, _ ann: Caller, _ store: Store) async throws -> [String] {
    let ended = try await Sessions(store).create(title: canary, for: ann).address.id.text
    try await Sessions(store).delete(ended, for: ann)
    let id = session.dropFirst("sessions/".count)
    let addresses = ["settings/users/ann", "settings/sessions/\(id)", "settings/sessions/\(ended)"]
    for address in addresses {
      try await store.transaction(author: ann.author, origin: .service) {
        try $0.put(address, ["ui": ["theme": .string(canary)]])
      }
    }
    return addresses
  }

  /// A profile of Ann's own, which she uses.
  private static func writeProfile(_ ann: Caller, _ store: Store) async throws -> [String] {
    let canary = JSONValue.string(canary)
    let profile: JSONValue = [
      "user": "ann", "name": canary, "description": canary, "provider": "openai", "model": canary, "api_key": canary,
    ]
    try await store.transaction(author: ann.author, origin: .service) { transaction in
      try transaction.put("profiles/llm/ann~work", profile)
      try transaction.put("runtime/users/ann", ["llm": "ann~work"])
    }
    return ["profiles/llm/ann~work", "runtime/users/ann"]
  }

  private static func writeAgentState(_ ann: Caller, _ store: Store) async throws -> [String] {
    let agents = AgentSessions(store)
    let canary = JSONValue.string(canary)
    try await agents.threads.create(thread, agent: Self.canary, metadata: ["note": canary], for: ann)
    var draft = CheckpointDraft(id: checkpoint, checkpoint: .json(["state": canary]))
    draft.metadata = ["note": canary]
    draft.channelVersions = ["messages": 1]
    draft.values = [ChannelValue(channel: "messages", version: 1, value: .text(type: "json", Self.canary))]
    try await agents.checkpoints.put(draft, in: thread, for: ann)
    try await agents.checkpoints.putWrites(
      [WriteDraft(channel: "messages", value: .json(canary))], task: "task-1", to: CheckpointName(checkpoint),
      in: thread, for: ann)
    _ = try await agents.interrupts.raise([InterruptDraft(request: canary)], in: thread, for: ann)
    _ = try await agents.todos.create([TodoDraft(.approval, title: Self.canary)], in: thread, for: ann)
    let food = MemoryName("food", in: try MemoryNamespace(["users", "ann"]))
    try await Memories(store).put(["likes": canary], as: food, for: ann)
    _ = try await Negotiations(store).create(Demand(Self.canary), for: ann)
    let collections = [
      "threads", "threads/checkpoints", "threads/values", "threads/writes", "inbox/interrupts", "inbox/todos",
      "memories",
      "negotiations",
    ]
    return try collections.flatMap { try store.snapshot().addresses(Query($0)).map { "\($0)" } }
  }

  // MARK: Requests

  private struct TestRequest: CustomStringConvertible {
    let method: String
    let path: String
    var body: JSONValue?
    var description: String { "\(method) \(path) \(body?.compactText ?? "")" }
  }

  /// Streams never end; real calls of profiles leave the machine; and Bob keeps his password. What an owner may do with
  /// everybody's, that one is not asked: going back, accounts, and the settings of all.
  private static func isAsked(_ endpoint: Endpoint, by onlooker: Onlooker) -> Bool {
    let path = endpoint.path.text
    if ["/v1/events", "/api/v1/profiles/{kind}/test", "/api/v1/auth/password"].contains(path) { return false }
    return onlooker != .otherOwner || path != "/v1/rollback" && !path.hasPrefix("/api/v1/users/{name}")
  }

  /// What can be asked of an endpoint about a document: with no parameter of the query, with each by itself, and with each
  /// body that could concern it.
  private static func requests(
    _ endpoint: Endpoint, about address: String, at point: String, _ snapshot: Snapshot
  ) throws -> [TestRequest] {
    let first = try snapshot.history(of: address).last?.commit.sequence ?? 1
    let slash = address.lastIndex(of: "/") ?? address.endIndex
    let (collection, id) = (String(address[..<slash]), String(address[address.index(after: slash)...]))
    let values = [
      "collection": collection, "id": id, "series": "messages", "name": "ann",
      "key": endpoint.path.text.hasPrefix("/api/v1/store") ? "food" : "search.max_results",
      "kind": "llm", "agent_name": "summary", "document": address, "from": "\(first)", "to": "HEAD",
      "at": point.replacing("#", with: ""), "thread_id": thread, "session_id": thread, "todo_id": id,
      "checkpoint_id": checkpoint, "namespace": "users.ann", "session": id, "author": "ann", "q": "canary",
      "where": "user=ann", "batch": "autumn", "limit": "100",
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
      return bodies(endpoint, address, point).map {
        TestRequest(method: endpoint.method.rawValue, path: whole, body: $0)
      }
    }
  }

  private static func bodies(_ endpoint: Endpoint, _ address: String, _ point: String) -> [JSONValue?] {
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
        + (1...(Int(point.dropFirst()) ?? 1)).map { ["commit": .string("#\($0)")] }
    case "/v1/rollback": return [["to": "#1"]]
    default:
      let (namespace, thread): (JSONValue, JSONValue) = (["users", "ann"], .string(Self.thread))
      let named: [JSONValue] = [
        ["thread_id": thread], ["thread_id": thread, "checkpoint_id": .string(checkpoint)], ["thread_ids": [thread]],
        ["thread_id": thread, "channels": ["messages"]], ["namespace_prefix": namespace], ["prefix": namespace],
        ["namespace": namespace, "key": "food"],
        ["operations": [["op": "get", "namespace": namespace, "key": "food"], ["op": "search"]]],
      ]
      return [body.example, [:], ["user": "bob"], ["user": "ann"]] + named
    }
  }
}
