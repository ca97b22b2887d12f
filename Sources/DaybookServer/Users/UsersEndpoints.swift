import Daybook
import DaybookRuntime
import HTTPTypes

/// Accounts, for who looks after the store; and all other endpoints about users.
enum UsersEndpoints {
  static let all: [Endpoint] =
    SigningInEndpoints.all + [me, list, change, resetPassword, signOut].admitting(.unmetered)
    + TokenEndpoints.all + EntitlementEndpoints.all

  static let me = Endpoint(
    .get, "/api/v1/users/me", UserForm.group, "Read the caller's own account",
    outcomes: [Endpoint.Outcome(.ok, "The account.", json: UserForm.account), UserForm.off, UserForm.missing]
  ) { call in
    .json(try call.users.account(of: call.caller).accountJSON)
  }

  static let list = Endpoint(
    .get, "/api/v1/users", UserForm.group, "List the accounts", "For owners, oldest first.",
    parameters: [.limit, .after],
    outcomes: [
      Endpoint.Outcome(.ok, "The accounts.", json: UserForm.page("users", of: UserForm.account)), UserForm.off,
      UserForm.refused, UserForm.unclear,
    ]
  ) { call in
    let page = try call.users.accounts(
      limit: call.pageLimit, after: call.text("after"), for: call.caller)
    return .json(page.json("users", \.accountJSON))
  }

  static let change = Endpoint(
    .patch, "/api/v1/users/{name}", UserForm.group, "Change what an account may do",
    "For owners. What its user signed in with ends. Accounts are disabled rather than deleted.",
    parameters: [UserForm.user],
    body: Endpoint.Body(
      Form.object(
        [("role", ["enum": ["owner", "member"]]), ("disabled", ["type": "boolean"])], optional: ["role", "disabled"]),
      example: ["disabled": true]),
    outcomes: [
      Endpoint.Outcome(.ok, "The account.", json: UserForm.account), UserForm.off, UserForm.refused, UserForm.missing,
    ]
  ) { call in
    let account = try await call.users.change(
      call["name"], role: call.member("role")?.string.flatMap(Grant.Role.init),
      isDisabled: call.member("disabled")?.bool, by: call.caller)
    return .json(account.accountJSON)
  }

  static let resetPassword = Endpoint(
    .post, "/api/v1/users/{name}/password", UserForm.group, "Give a user another password",
    "For owners. All that the user, or an agent of the user's, came with ends.",
    parameters: [UserForm.user],
    body: Endpoint.Body(Form.object([("password", UserForm.password)]), example: ["password": "staple correct horse"]),
    outcomes: [
      Endpoint.Outcome(.ok, "The account.", json: UserForm.account), UserForm.off, UserForm.refused, UserForm.missing,
    ]
  ) { call in
    let account = try await call.users.resetPassword(
      of: call["name"], to: call.password("password"), by: call.caller)
    return .json(account.accountJSON)
  }

  static let signOut = Endpoint(
    .post, "/api/v1/users/{name}/sign-out", UserForm.group, "Sign a user out everywhere", "For owners.",
    parameters: [UserForm.user],
    outcomes: [Endpoint.Outcome(.noContent, "It is done."), UserForm.off, UserForm.refused, UserForm.missing]
  ) { call in
    try await call.users.signOutEverywhere(call["name"], by: call.caller)
    return Answer(.noContent)
  }
}
