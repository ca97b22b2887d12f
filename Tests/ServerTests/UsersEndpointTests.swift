import Daybook
import DaybookRuntime
import Foundation
import HTTPTypes
import TestSupport
import Testing

@testable import DaybookServer

struct UsersEndpointTests {
  private static let task: JSONValue = ["user": "ann", "task_type": "digest", "status": "pending"]

  // MARK: The door

  @Test func withUsersOnlyWhoIsKnownIsAnswered() async throws {
    try await TestUsers.with { users in
      for endpoint in Endpoints.all where endpoint.admission != .anybody {
        let path = endpoint.path.text.replacing("{", with: "").replacing("}", with: "")
        let reply = try await users.service.send(endpoint.method.rawValue, path)
        #expect(reply.status == 401, "\(endpoint.name): \(reply.status)")
        #expect(reply["www-authenticate"] == "Bearer")
      }
      for path in ["/healthz", "/readyz", "/docs", "/openapi.json"] {
        try await users.service.call("GET", path)
      }
      var headers = try await users.signedIn("ann")
      try await users.service.call("GET", "/v1/documents/profiles/llm/gpt-4o", headers: headers)
      headers["daybook-author"] = "Bob <bob@localhost>"
      try await users.service.call("GET", "/v1/documents/profiles/llm/gpt-4o", headers: headers)
      try await users.service.call("POST", "/v1/collections/tasks", Self.task, headers: headers, gives: 403)
    }
  }

  @Test func whatSignsInIsTheAuthorAndAlsoACookie() async throws {
    try await TestUsers.with { users in
      let reply = try await users.service.send(
        "POST", "/api/v1/auth/sign-in", ["name": "Ann", "password": .string(TestUsers.password)])
      let cookie = try #require(reply["set-cookie"])
      for word in ["daybook_session=", "HttpOnly", "SameSite=Strict", "Path=/"] { #expect(cookie.contains(word)) }
      let headers = ["cookie": "theme=dark; \(cookie.prefix { $0 != ";" })"]
      let me = try await users.service.call("GET", "/api/v1/users/me", headers: headers)
      #expect(me["name"] == "ann" && me["role"] == "member")
      try await users.service.call("POST", "/v1/collections/tasks", Self.task, headers: headers, gives: 201)
      let snapshot = users.service.store.snapshot()
      #expect(try snapshot.commits(limit: 1).first?.author.email == "ann@users.\(users.service.store.id)")
    }
  }

  @Test func theSwitchFollowsTheSetting() async throws {
    try await TestUsers.with { users in
      let service = users.service
      try await service.call("GET", "/v1/status", gives: 401)
      try await service.store.transaction { try $0.patch("settings/system", merging: ["users": ["enabled": false]]) }
      try await service.call("GET", "/v1/status")
      let body: JSONValue = ["name": "ann", "password": .string(TestUsers.password)]
      try await service.call("POST", "/api/v1/auth/sign-in", body, gives: 409)
      try await service.call("GET", "/api/v1/tokens", gives: 409)
    }
  }

  @Test func tokensThatAreForgedOrOverAreRefused() async throws {
    try await TestUsers.with { users in
      let good = try #require(try await users.signedIn("ann")["authorization"]).dropFirst(7)
      let over = try await users.rules { $0.accessSeconds = 0 }.signIn(
        "ann", password: Array(TestUsers.password.utf8), from: "test")
      let words = good.split(separator: ".").map(String.init)
      let none = Data(#"{"alg":"none","typ":"at+jwt"}"#.utf8).base64EncodedString().replacing("=", with: "")
      var claims = words[1]
      claims.replaceSubrange(claims.startIndex...claims.startIndex, with: claims.hasPrefix("e") ? "f" : "e")
      let bad = [
        over.accessToken, "\(none).\(words[1]).", "\(none).\(words[1]).\(words[2])",
        "\(words[0]).\(claims).\(words[2])",
        "\(words[0]).\(words[1]).\(String(words[2].reversed()))", "\(words[0]).\(words[1])", "x", "",
      ]
      for token in bad {
        let reply = try await users.service.send("GET", "/v1/collections", headers: TestUsers.bearer(token))
        #expect(reply.status == 401, "\(token)")
        #expect(reply["www-authenticate"] == "Bearer")
        try await users.service.call(
          "GET", "/v1/collections", headers: ["cookie": "daybook_session=\(token)"], gives: 401)
      }
      try await users.service.call("GET", "/v1/collections", headers: TestUsers.bearer(String(good)))
    }
  }

  @Test func whoTriesTooOftenWaits() async throws {
    try await TestUsers.with { users in
      let body: JSONValue = ["name": "ann", "password": "a wrong password"]
      var reply = try await users.service.send("POST", "/api/v1/auth/sign-in", body)
      // Tries may take a while; each further one has to wait longer.
      for _ in 0..<20 where reply.status == 401 {
        reply = try await users.service.send("POST", "/api/v1/auth/sign-in", body)
      }
      #expect(reply.status == 429, "\(reply.text)")
      #expect(reply["retry-after"].flatMap { Int($0) }.map { $0 > 0 } == true)
    }
  }

  @Test(arguments: [
    ("10.0.0.1", "10.0.0.1"), ("::ffff:10.0.0.1", "10.0.0.1"), ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
    ("2001:db8::6", "2001:db8:0:0::/64"), ("::1", "0:0:0:0::/64"), ("fe80::1%eth0", "fe80:0:0:0::/64"),
  ])
  func aClientIsHeldToAccountByItsNetwork(address: String, network: String) {
    #expect(Peer(address).network == network)
  }

  /// Only what a proxy that is known has written counts, and of that the last.
  @Test(arguments: [
    ("10.0.0.1", "9.9.9.9, 1.2.3.4", "1.2.3.4"), ("10.0.0.1", "9.9.9.9, 1.2.3.4, 10.0.0.2", "1.2.3.4"),
    ("10.0.0.1", "1.2.3.4:5678,", "1.2.3.4"), ("10.0.0.1", "[2001:db8::6]:443", "2001:db8:0:0::/64"),
    ("10.0.0.1", "", "10.0.0.1"), ("10.0.0.3", "1.2.3.4", "10.0.0.3"), ("10.0.0.1", "10.0.0.2", "10.0.0.1"),
  ])
  func aProxyThatIsKnownSaysWhereARequestComesFrom(address: String, said: String, network: String) throws {
    let door = Door(owner: Author(name: "A", email: "a@b"), proxies: ["10.0.0.1", "10.0.0.2"])
    let headers: HTTPFields = [try #require(HTTPField.Name("X-Forwarded-For")): said]
    #expect(door.peer(address, headers).network == network)
    let https: HTTPFields = [try #require(HTTPField.Name("X-Forwarded-Proto")): "https"]
    #expect(door.peer(address, https).isEncrypted == (address != "10.0.0.3"))
  }

  // MARK: Sessions and tokens

  @Test func whatIsEndedCountsNoMore() async throws {
    try await TestUsers.with { users in
      let service = users.service
      let body: JSONValue = ["name": "ann", "password": .string(TestUsers.password)]
      let first = try await service.call("POST", "/api/v1/auth/sign-in", body)
      let refresh: JSONValue = ["refresh_token": first["refresh_token"] ?? .null]
      let second = try await service.call("POST", "/api/v1/auth/refresh", refresh)
      let headers = TestUsers.bearer(second["access_token"]?.string ?? "")
      let sessions = try await service.call("GET", "/api/v1/auth/sessions", headers: headers)
      #expect(sessions["sessions"]?.array?.count == 1)
      // Whoever lost the answer gets the same once more.
      let same = try await service.call("POST", "/api/v1/auth/refresh", refresh)
      #expect(same["refresh_token"] == second["refresh_token"])
      // From then on the first one was used: whoever comes with it again ends them all.
      try await service.call(
        "POST", "/api/v1/auth/refresh", ["refresh_token": second["refresh_token"] ?? .null])
      try await service.call("POST", "/api/v1/auth/refresh", refresh, gives: 401)
      try await service.call("GET", "/api/v1/users/me", headers: headers, gives: 401)

      let third = try await service.call("POST", "/api/v1/auth/sign-in", body)
      let again = TestUsers.bearer(third["access_token"]?.string ?? "")
      try await service.call("GET", "/api/v1/users/me", headers: again)
      try await service.call(
        "POST", "/api/v1/auth/sign-out", ["refresh_token": third["refresh_token"] ?? .null], gives: 204)
      try await service.call("GET", "/api/v1/users/me", headers: again, gives: 401)

      let fourth = try await users.signedIn("ann")
      let agent = try await users.agent(of: "ann", [Grant.Scope("tasks", .read)])
      let new: JSONValue = ["old": .string(TestUsers.password), "new": "staple horse correct"]
      try await service.call("POST", "/api/v1/auth/password", new, headers: fourth)
      try await service.call("GET", "/v1/collections", headers: agent)
      try await service.call("GET", "/api/v1/users/me", headers: fourth, gives: 401)
      try await service.call("POST", "/api/v1/auth/sign-in", body, gives: 401)
      let owner = try await users.signedIn("owner")
      try await service.call("POST", "/api/v1/users/ann/password", ["password": "once more another"], headers: owner)
      try await service.call("GET", "/v1/collections", headers: agent, gives: 401)
    }
  }

  @Test func anAgentDoesWhatItsScopesSayUntilItsTokenIsEnded() async throws {
    try await TestUsers.with { users in
      let service = users.service
      let ann = try await users.signedIn("ann")
      try await service.call("POST", "/v1/collections/tasks", Self.task, headers: ann, gives: 201)
      let made = try await service.call(
        "POST", "/api/v1/tokens",
        [
          "name": "Digest", "scopes": [["collection": "tasks", "access": "read", "secrets": false]],
          "expires_in": 3_600,
        ], headers: ann, gives: 201)
      let agent = TestUsers.bearer(made["token"]?.string ?? "")
      let page = try await service.call("GET", "/v1/collections/tasks", headers: agent)
      #expect(page["documents"]?.array?.count == 1)
      try await service.call("GET", "/api/v1/tasks", headers: agent)
      try await service.call("POST", "/v1/collections/tasks", Self.task, headers: agent, gives: 403)
      for path in [
        "/v1/collections/sessions", "/v1/documents/settings/users/ann", "/v1/documents/profiles/llm/gpt-4o",
        "/api/v1/users/settings", "/api/v1/tokens", "/v1/status", "/api/v1/profiles/llm/resolve",
      ] {
        try await service.call("GET", path, headers: agent, gives: 403)
      }
      let id = try #require(made["id"]?.string)
      try await service.call("DELETE", "/api/v1/tokens/\(id)", headers: try await users.signedIn("bob"), gives: 404)
      try await service.call("DELETE", "/api/v1/tokens/\(id)", headers: ann, gives: 204)
      try await service.call("GET", "/v1/collections/tasks", headers: agent, gives: 401)
    }
  }

  @Test func aStreamEndsWhenItsTokenCountsNoMore() async throws {
    try await TestUsers.with { users in
      let service = users.service
      let (owner, ann) = (try await users.signedIn("owner"), try await users.signedIn("ann"))
      let sequence = service.store.snapshot().sequence
      async let events = service.events(after: "\(sequence)", count: 2, headers: ann)
      while try await service.eventReaders(headers: owner) == 0 { try await Task.sleep(for: .milliseconds(20)) }
      try await service.call("POST", "/v1/collections/tasks", Self.task, headers: ann, gives: 201)
      try await service.call("POST", "/api/v1/auth/sign-out-everywhere", headers: ann, gives: 204)
      let again = try await users.signedIn("ann")
      try await service.call("POST", "/v1/collections/tasks", Self.task, headers: again, gives: 201)
      let arrived = try await events
      #expect(arrived.count < 2)
    }
  }

  @Test func ownersLookAfterAccounts() async throws {
    try await TestUsers.with { users in
      let service = users.service
      let (owner, ann) = (try await users.signedIn("owner"), try await users.signedIn("ann"))
      let eve: JSONValue = ["name": "eve", "password": "correct horse battery"]
      try await service.call("POST", "/api/v1/auth/register", eve, gives: 403)
      try await service.call("POST", "/api/v1/auth/register", eve, headers: ann, gives: 403)
      try await service.call("POST", "/api/v1/auth/register", eve, headers: owner, gives: 201)
      try await service.call("POST", "/api/v1/auth/register", eve, headers: owner, gives: 409)
      let list = try await service.call("GET", "/api/v1/users", headers: owner)
      #expect(list["users"]?.array?.compactMap { $0["name"]?.string } == ["owner", "ann", "bob", "carol", "eve"])
      #expect(!"\(list)".contains("password"))
      try await service.call("PATCH", "/api/v1/users/ann", ["disabled": true], headers: owner)
      try await service.call("GET", "/api/v1/users/me", headers: ann, gives: 401)
      let password: JSONValue = ["password": "another long password"]
      try await service.call("POST", "/api/v1/users/bob/password", password, headers: owner)
      try await service.call(
        "POST", "/api/v1/auth/sign-in", ["name": "bob", "password": "another long password"])

      try await service.store.transaction {
        try $0.patch("settings/system", merging: ["users": ["registration": "open"]])
      }
      let mallory: JSONValue = ["name": "mallory", "password": "correct horse battery"]
      let made = try await service.call("POST", "/api/v1/auth/register", mallory, gives: 201)
      #expect(made["role"] == "member")
    }
  }

  // MARK: Entitlements

  @Test func aCodeThatIsRedeemedTwiceAtOnceCountsOnce() async throws {
    try await TestUsers.with(settings: ["entitlements": ["enabled": true]]) { users in
      let service = users.service
      try await service.store.transaction { transaction in
        try transaction.put("tiers/free", ["name": "Free", "requests_per_day": 3])
        try transaction.put("tiers/pro", ["name": "Pro", "rank": 2, "kinds": ["session"]])
      }
      let (owner, ann) = (try await users.signedIn("owner"), try await users.signedIn("ann"))
      let made = try await service.call(
        "POST", "/api/v1/codes", ["batch": "b", "tier": "pro"], headers: owner, gives: 201)
      for _ in 0..<3 { try await service.call("GET", "/v1/collections", headers: ann) }
      try await service.call("GET", "/v1/collections", headers: ann, gives: 402)
      let body: JSONValue = ["code": made["codes"]?.array?.first ?? .null]
      let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
        for _ in 0..<2 {
          group.addTask {
            try await service.send("POST", "/api/v1/entitlements/redeem", body, headers: ann).status
          }
        }
        return try await group.reduce(into: [Int]()) { $0.append($1) }
      }
      #expect(statuses.sorted() == [200, 409])
      let status = try await service.call("GET", "/api/v1/entitlements", headers: ann)
      #expect(status["tier"] == "pro")
      try await service.call("POST", "/v1/collections/tasks", Self.task, headers: ann, gives: 403)
      try await service.call("POST", "/api/v1/tasks", ["task_type": "x"], headers: ann, gives: 403)
      try await service.call(
        "POST", "/v1/collections/sessions", ["user": "ann", "title": "T"], headers: ann, gives: 201)
      let codes = try await service.call("GET", "/api/v1/codes", headers: owner)
      #expect(codes["codes"]?.array?.first?["used"] == 1)
    }
  }
}
