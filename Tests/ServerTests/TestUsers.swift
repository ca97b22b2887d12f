import Daybook
import DaybookRuntime
import Sodium
import TestSupport

@testable import DaybookServer

/// The users of a test's service, with a cheap password hash.
struct TestUsers {
  let service: TestService
  static let password = "correct horse battery"
  static let local = Caller.owner(Author(name: "Local", email: "local@example.org"))

  /// Runs a test against a service with users: the owner, Ann and Bob, and Carol, who is an owner as well.
  static func with(
    kinds: [(name: String, schema: String)] = [], settings: JSONObject = [:],
    _ body: (TestUsers) async throws -> Void
  ) async throws {
    let service = try await TestService(over: TemporaryStore(kinds: kinds, withTemplate: true)) {
      $0.users.passwordCost = .least
    }
    do {
      let users = TestUsers(service: service)
      try await users.begin(settings)
      try await body(users)
    } catch {
      try? await service.stop()
      throw error
    }
    try await service.stop()
  }

  private func begin(_ settings: JSONObject) async throws {
    var settings = settings
    settings["users"] = ["enabled": true]
    try await service.store.transaction { [settings] transaction in
      try transaction.patch("settings/system", merging: .object(settings))
    }
    let rules = rules()
    for name in ["owner", "ann", "bob", "carol"] {
      _ = try await rules.register(
        name, password: Array(Self.password.utf8), role: name == "carol" ? .owner : .member, by: Self.local)
    }
  }

  /// The rules of users, as the service has them.
  func rules(_ change: (inout UsersOptions) -> Void = { _ in }) -> Users {
    var options = UsersOptions()
    options.passwordCost = .least
    change(&options)
    return Users(service.store, options)
  }

  /// The headers of a user who has signed in.
  func signedIn(_ name: String) async throws -> [String: String] {
    let reply = try await service.send(
      "POST", "/api/v1/auth/sign-in", ["name": .string(name), "password": .string(Self.password)])
    guard let token = reply.json["access_token"]?.string else { throw StoreError(.usage, reply.text) }
    return Self.bearer(token)
  }

  /// The headers of an agent that comes with a token of a user's.
  func agent(of user: String, _ scopes: [Grant.Scope]) async throws -> [String: String] {
    let caller = Caller(user: user, author: Author(name: user, email: "\(user)@example.org"))
    let token = try await rules().makeAgentToken("Helper", scopes: scopes, seconds: 600, for: caller)
    return Self.bearer(token.text)
  }

  static func bearer(_ token: String) -> [String: String] { ["authorization": "Bearer \(token)"] }
}
