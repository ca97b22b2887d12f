import Daybook
import DaybookRuntime
import HTTPTypes

/// Schemas, parameters and outcomes of the endpoints about users.
enum UserForm {
  static let group = Endpoint.Group(
    name: "Users",
    description: "Accounts, signing in, tokens of agents, and what users may use; in a store with `users.enabled`.")

  static let name: JSONValue = ["type": "string", "minLength": 1, "maxLength": 64, "examples": ["ann"]]
  static let password: JSONValue = ["type": "string", "minLength": 1, "maxLength": 1_024, "format": "password"]
  static let client: JSONValue = [
    "type": "string", "maxLength": 100, "pattern": "^[^\\u0000-\\u001f<>]*$",
    "description": "What the user sees of it in the list of sessions.",
  ]
  static let refreshToken: JSONValue = ["type": "string", "minLength": 1, "maxLength": 1_024]
  static let time: JSONValue = ["type": "string", "format": "date-time"]
  private static let text: JSONValue = Form.nullable(["type": "string"])

  static let account = Form.object([
    ("name", ["type": "string"]), ("display_name", text), ("role", ["type": "string"]), ("status", ["type": "string"]),
    ("created_at", time), ("updated_at", time),
  ])

  static let signedIn = Form.object([
    ("access_token", ["type": "string", "description": "To be shown with each request."]),
    ("token_type", ["const": "Bearer"]),
    ("expires_in", ["type": "integer", "description": "How long it counts, in seconds."]),
    ("refresh_token", ["type": "string", "description": "Gets the next two, once."]), ("user", ["type": "string"]),
  ])

  static let scope = Form.object([
    ("collection", ["type": "string", "minLength": 1, "maxLength": 120]),
    (
      "access",
      [
        "enum": .array(Grant.Access.allCases.map { .string($0.rawValue) }),
        "description": "Each has those before it in it; to decide is to answer what agents ask people.",
      ]
    ), ("secrets", ["type": "boolean"]),
  ])

  static let tokenMembers: [(String, JSONValue)] = [
    ("id", ["type": "string"]), ("purpose", ["type": "string"]), ("name", text),
    ("scopes", Form.nullable(Form.list(["type": "object"]))), ("created_at", time), ("expires_at", time),
    ("revoked_at", Form.nullable(time)),
  ]

  static let code = Form.object([
    ("id", ["type": "string"]), ("batch", ["type": "string"]), ("tier", ["type": "string"]),
    ("days", Form.nullable(["type": "integer"])), ("uses", ["type": "integer"]), ("used", ["type": "integer"]),
    ("expires_at", Form.nullable(time)), ("note", text), ("created_at", time),
  ])

  static let status = Form.object([
    ("tier", ["type": "string"]), ("name", ["type": "string"]), ("until", Form.nullable(time)),
    ("day", ["type": "string"]), ("requests", ["type": "integer"]),
    ("requests_left", Form.nullable(["type": "integer"])), ("requests_per_day", Form.nullable(["type": "integer"])),
    ("kinds", Form.nullable(Form.list(["type": "string"]))),
    ("settings", Form.nullable(Form.list(["type": "string"]))),
  ])

  static func page(_ name: String, of row: JSONValue) -> JSONValue {
    Form.object([(name, Form.list(row)), ("next", Form.nullable(["type": "string"]))])
  }

  static let user = Parameter("name", in: .path, "The account.", name, example: "ann")

  static let off = Endpoint.Outcome.problem(.conflict, "The store has no users, or somebody else was faster.")
  static let refused = Endpoint.Outcome.problem(.forbidden, "The caller may not do that.")
  static let unclear = Endpoint.Outcome.problem(.unprocessableContent, "What was sent breaks a rule.")
  static let missing = Endpoint.Outcome.problem(.notFound, "There is no such thing, for the caller.")
  static let notSignedIn = Endpoint.Outcome.problem(
    .unauthorized, "The name, the password or the token does not count.")
  static let tooOften = Endpoint.Outcome.problem(
    .tooManyRequests, "There were too many tries; `Retry-After` says how long.")
}

extension Call {
  /// The users of a store that has any.
  ///
  /// - Throws: a problem when it has none.
  var users: Users {
    get throws {
      guard try rooms.settings.hasUsers() else {
        throw Problem(
          .conflict, code: .refused, "The store has no users: whoever reaches it is its owner.",
          hint: "An owner can turn on the setting users.enabled.")
      }
      return rooms.users
    }
  }

  /// A password of the body.
  func password(_ name: String) -> [UInt8] { Array((member(name)?.string ?? "").utf8) }
}

extension Answer {
  /// What a client gets that has signed in; browsers keep the access token as a cookie.
  static func signedIn(_ signedIn: SignedIn, _ peer: Peer) -> Answer {
    Answer.json(signedIn.json).with(.cacheControl, "no-store").with(
      .setCookie,
      SessionCookie.set(
        signedIn.accessToken, seconds: signedIn.expiresInSeconds, isEncrypted: peer.isEncrypted))
  }

  /// Nothing more is to be shown, and browsers forget the token.
  static func signedOut(_ peer: Peer) -> Answer {
    Answer(.noContent).with(.setCookie, SessionCookie.clear(isEncrypted: peer.isEncrypted))
  }
}
