import Daybook
import Documents

/// A kind in two versions, and the migration between them: a member is renamed, one gets a default, a secret moves.
package enum PinMigration {
  private static func kind(_ members: String) -> String {
    """
    {
      "$schema": "https://json-schema.org/draft/2020-12/schema",
      "x-daybook": { "collection": "pins", "ids": "given", "partition": "hash" },
      "type": "object",
      "additionalProperties": false,
      "properties": { \(members) }
    }
    """
  }

  package static let oldKind = kind(
    #""title": {}, "stars": { "type": "integer" }, "token": { "type": "string", "x-secret": true }"#)
  package static let newKind = kind(
    #""title": {}, "rating": { "type": "integer" }, "lang": {}, "auth": { "properties": { "key": { "x-secret": true } } }"#
  )
  package static let file = """
    {
      "kind": "pin",
      "steps": [
        {"rename": "/stars", "to": "rating"},
        {"default": "/lang", "value": "en"},
        {"move": "/token", "to": "/auth/key"}
      ]
    }
    """

  /// A store of the old version, with the new schema and the migration in their places.
  package static func makeStore(documents: Int) throws -> TemporaryStore {
    let temporary = try TemporaryStore(kinds: [("pin", oldKind)])
    let store = try temporary.open()
    for start in stride(from: 0, to: documents, by: 5_000) {
      try store.transactionBlocking { transaction in
        for number in start..<min(start + 5_000, documents) {
          let token = number % 10 == 0 ? #", "token": "secret \#(number)""# : ""
          let text = "{\"stars\":   \(number % 5), \"title\": \"n\(number)\"\(token)}\n"
          try transaction.put("pins/p\(number)", text: JSONText(parsing: text))
        }
      }
    }
    try store.closeBlocking()
    try temporary.write(newKind, to: "schemas/pin.schema.json")
    try temporary.write(file, to: "migrations/0001-rating.json")
    return temporary
  }
}
