import Daybook
import DaybookRuntime
import HTTPTypes

/// Tokens of agents, and where the caller has signed in.
enum TokenEndpoints {
  static let all: [Endpoint] = [make, list, sessions, delete].admitting(.unmetered)

  private static let token = Form.object(UserForm.tokenMembers)

  static let make = Endpoint(
    .post, "/api/v1/tokens", UserForm.group, "Make a token with which an agent acts for the caller",
    "Within its scopes: collections, each with those below it, or `*` for all. The token is shown once.",
    body: Endpoint.Body(
      Form.object([
        ("name", UserForm.client),
        ("scopes", ["type": "array", "minItems": 1, "maxItems": 100, "items": UserForm.scope]),
        (
          "expires_in",
          [
            "type": "integer", "minimum": 1, "description": "In seconds.",
            "maximum": .number(JSONNumber(Int(Users.agentTokenSeconds))),
          ]
        ),
      ]),
      example: [
        "name": "Morning digest", "scopes": [["collection": "tasks", "access": "write", "secrets": false]],
        "expires_in": 2_592_000,
      ]),
    outcomes: [
      Endpoint.Outcome(
        .created, "The token.", json: Form.object(UserForm.tokenMembers + [("token", ["type": "string"])])),
      UserForm.off, UserForm.refused, UserForm.unclear,
    ]
  ) { call in
    let scopes = call.member("scopes")?.elements.compactMap { scope in
      scope["access"]?.string.flatMap(Grant.Access.init).map {
        Grant.Scope(scope["collection"]?.string ?? "", $0, secrets: scope["secrets"]?.bool ?? false)
      }
    }
    let (document, text) = try await call.users.makeAgentToken(
      call.member("name")?.string ?? "", scopes: scopes ?? [], seconds: Int64(call.member("expires_in")?.integer ?? 0),
      for: call.caller)
    var json = document.tokenJSON
    json["token"] = .string(text)
    return Answer.json(json, .created).with(.cacheControl, "no-store")
  }

  static let list = Endpoint(
    .get, "/api/v1/tokens", UserForm.group, "List the tokens of the caller's agents", "Newest first.",
    parameters: [.limit, .after],
    outcomes: [
      Endpoint.Outcome(.ok, "The tokens.", json: UserForm.page("tokens", of: token)), UserForm.off, UserForm.refused,
      UserForm.unclear,
    ]
  ) { call in
    let page = try call.users.agentTokens(
      limit: call.pageLimit, after: call.text("after"), for: call.caller)
    return .json(page.json("tokens", \.tokenJSON))
  }

  static let sessions = Endpoint(
    .get, "/api/v1/auth/sessions", UserForm.group, "List where the caller has signed in", "Newest first.",
    parameters: [.limit, .after],
    outcomes: [
      Endpoint.Outcome(
        .ok, "Each with the id under which it can be ended.", json: UserForm.page("sessions", of: token)),
      UserForm.off, UserForm.refused, UserForm.unclear,
    ]
  ) { call in
    let page = try call.users.sessions(
      limit: call.pageLimit, after: call.text("after"), for: call.caller)
    return .json(page.json("sessions", \.tokenJSON))
  }

  static let delete = Endpoint(
    .delete, "/api/v1/tokens/{id}", UserForm.group, "End a token of the caller's",
    "Of an agent, or a session; at once.",
    parameters: [
      Parameter(
        "id", in: .path, "The id of the token.", ["type": "string", "minLength": 1, "maxLength": 512],
        example: "01934b2c-7d5e-7f00-8000-000000000001")
    ],
    outcomes: [
      Endpoint.Outcome(.noContent, "It counts no more."), UserForm.off, UserForm.refused, UserForm.missing,
    ]
  ) { call in
    try await call.users.deleteToken(call["id"], for: call.caller)
    return Answer(.noContent)
  }
}
