package import Daybook
package import Documents

/// Accounts, tokens and codes as they are shown: never what signs anybody in.
extension Document {
  /// A document of `users`.
  package var accountJSON: JSONObject {
    shown(as: "name", ["display_name", "role", "status", "created_at", "updated_at"])
  }

  /// A document of `tokens`.
  package var tokenJSON: JSONObject {
    shown(as: "id", ["purpose", "name", "scopes", "created_at", "expires_at", "revoked_at"])
  }

  /// A document of `redeem-codes`; its id is no code.
  package var codeJSON: JSONObject {
    shown(as: "id", ["batch", "tier", "days", "uses", "used", "expires_at", "note", "created_at"])
  }

  /// The id and some members; null for one that is not there.
  private func shown(as name: String, _ members: [String]) -> JSONObject {
    JSONObject(
      [(key: name, value: .string(address.id.text))] + members.map { (key: $0, value: root[$0]?.value ?? .null) })
  }
}

extension Page {
  /// The page as a list of a name.
  package func json(_ name: String, _ row: (Document) -> JSONObject) -> JSONObject {
    JSONObject([
      (key: name, value: .array(documents.map { .object(row($0)) })),
      (key: "next", value: next.map { .string($0) } ?? .null),
    ])
  }
}

extension SignedIn {
  package var json: JSONObject {
    [
      "access_token": .string(accessToken), "token_type": "Bearer",
      "expires_in": .number(JSONNumber(Int(expiresInSeconds))), "refresh_token": .string(refreshToken),
      "user": .string(caller.user),
    ]
  }
}

extension EntitlementStatus {
  package var json: JSONObject {
    func number(_ value: Int?) -> JSONValue { value.map { .number(JSONNumber($0)) } ?? .null }
    func list(_ names: [String]?) -> JSONValue { names.map { .array($0.map { .string($0) }) } ?? .null }
    return [
      "tier": .string(tier.id), "name": .string(tier.name), "until": until.map { .string($0.text) } ?? .null,
      "day": .string(day), "requests": number(requests), "requests_left": number(requestsLeft),
      "requests_per_day": number(tier.requestsPerDay), "kinds": list(tier.kinds), "settings": list(tier.settings),
    ]
  }
}
