import Daybook
import DaybookRuntime
import HTTPTypes

/// Signing in and out.
enum SigningInEndpoints {
  static let all: [Endpoint] =
    [register, signIn, refresh, signOut].admitting(.anybody)
    + [signOutEverywhere, changePassword].admitting(.unmetered)

  private static let signedIn = Endpoint.Outcome(
    .ok, "The tokens; browsers also get the access token as a cookie.", json: UserForm.signedIn,
    headers: [("Set-Cookie", "The cookie `daybook_session`; where the service encrypts, `__Host-daybook_session`.")])
  private static let busy = Endpoint.Outcome.problem(.serviceUnavailable, "Too many sign in at this moment.")

  static let register = Endpoint(
    .post, "/api/v1/auth/register", UserForm.group, "Make an account",
    "Owners make accounts; with the setting `users.registration` at `open`, anybody makes one of a member.",
    body: Endpoint.Body(
      Form.object(
        [
          ("name", UserForm.name), ("password", UserForm.password),
          ("display_name", ["type": "string", "maxLength": 100]), ("role", ["enum": ["owner", "member"]]),
        ], optional: ["display_name", "role"]), limit: Limits.strangerBytes,
      example: ["name": "ann", "password": "correct horse battery", "display_name": "Ann Example"]),
    outcomes: [
      Endpoint.Outcome(.created, "The account.", json: UserForm.account), UserForm.off, UserForm.refused,
      UserForm.unclear, UserForm.tooOften, busy,
    ]
  ) { call in
    let account = try await call.users.register(
      call.member("name")?.string ?? "", password: call.password("password"),
      displayName: call.member("display_name")?.string,
      role: call.member("role")?.string.flatMap(Grant.Role.init) ?? .member, by: call.visitor, from: call.peer.network)
    return .json(account.accountJSON, .created)
  }

  static let signIn = Endpoint(
    .post, "/api/v1/auth/sign-in", UserForm.group, "Sign in",
    "Show the access token with each request, as `Authorization: Bearer`; when its time is over, renew it.",
    body: Endpoint.Body(
      Form.object(
        [("name", UserForm.name), ("password", UserForm.password), ("client", UserForm.client)], optional: ["client"]),
      limit: Limits.strangerBytes,
      example: ["name": "ann", "password": "correct horse battery", "client": "Firefox on Linux"]),
    outcomes: [signedIn, UserForm.notSignedIn, UserForm.off, UserForm.unclear, UserForm.tooOften, busy]
  ) { call in
    let signedIn = try await call.users.signIn(
      call.member("name")?.string ?? "", password: call.password("password"), from: call.peer.network,
      client: call.member("client")?.string)
    return .signedIn(signedIn, call.peer)
  }

  static let refresh = Endpoint(
    .post, "/api/v1/auth/refresh", UserForm.group, "Get the next tokens",
    "A refresh token counts once; for half a minute it gives the same again. One that is used later shows that it was stolen: all that followed from it end.",
    body: Endpoint.Body(
      Form.object([("refresh_token", UserForm.refreshToken)]), limit: Limits.strangerBytes,
      example: ["refresh_token": "daybook_refresh_…"]),
    outcomes: [signedIn, UserForm.notSignedIn, UserForm.off]
  ) { call in
    .signedIn(try await call.users.refresh(call.member("refresh_token")?.string ?? ""), call.peer)
  }

  static let signOut = Endpoint(
    .post, "/api/v1/auth/sign-out", UserForm.group, "Sign out",
    "Ends what followed from one signing in. A token that does not count is nothing to end.",
    body: Endpoint.Body(
      Form.object([("refresh_token", UserForm.refreshToken)]), limit: Limits.strangerBytes,
      example: ["refresh_token": "daybook_refresh_…"]),
    outcomes: [Endpoint.Outcome(.noContent, "It is ended."), UserForm.off]
  ) { call in
    try await call.users.signOut(call.member("refresh_token")?.string ?? "")
    return .signedOut(call.peer)
  }

  static let signOutEverywhere = Endpoint(
    .post, "/api/v1/auth/sign-out-everywhere", UserForm.group, "Sign out wherever the caller has signed in",
    "Tokens of agents stay.",
    outcomes: [Endpoint.Outcome(.noContent, "It is ended."), UserForm.off, UserForm.refused, UserForm.missing]
  ) { call in
    try await call.users.signOutEverywhere(call.caller.user, by: call.caller)
    return .signedOut(call.peer)
  }

  static let changePassword = Endpoint(
    .post, "/api/v1/auth/password", UserForm.group, "Change the caller's password",
    "Ends everything that the caller signed in with, and signs in anew.",
    body: Endpoint.Body(
      Form.object(
        [
          ("old", UserForm.password), ("new", UserForm.password), ("client", UserForm.client),
          (
            "end_agents",
            ["type": "boolean", "default": false, "description": "Whether tokens of the caller's agents end as well."]
          ),
        ], optional: ["client", "end_agents"]),
      example: ["old": "correct horse battery", "new": "staple correct horse", "end_agents": true]),
    outcomes: [signedIn, UserForm.notSignedIn, UserForm.off, UserForm.refused, UserForm.tooOften, busy]
  ) { call in
    let signedIn = try await call.users.changePassword(
      from: call.password("old"), to: call.password("new"), for: call.caller, address: call.peer.network,
      client: call.member("client")?.string, endingAgents: call.member("end_agents")?.bool ?? false)
    return .signedIn(signedIn, call.peer)
  }
}
