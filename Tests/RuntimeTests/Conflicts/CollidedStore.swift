import Daybook
import Documents
import TestSupport
import Testing

@testable import DaybookRuntime

/// A store with documents of which conflicts tell.
struct CollidedStore {
  let temporary: TemporaryStore
  let store: Store
  let conflicts: Conflicts
  let time = TestTime()

  static let card = """
    {
      "x-daybook": { "collection": "cards", "ids": "given", "partition": "flat" },
      "type": "object",
      "required": ["title"],
      "additionalProperties": false,
      "properties": {
        "title": { "type": "string", "maxLength": 200 },
        "stars": { "type": "integer", "minimum": 0, "maximum": 5 },
        "token": { "type": "string", "x-secret": true, "writeOnly": true },
        "tags": { "type": "array", "items": { "type": "string" } },
        "parts": { "type": "array", "items": { "type": "object", "required": ["id"] } },
        "extra": { "type": "object" }
      }
    }
    """

  init() throws {
    temporary = try TemporaryStore(kinds: [(name: "card", schema: Self.card)])
    store = try temporary.open()
    conflicts = Conflicts(store, now: time.now)
  }

  func put(_ document: JSONValue, at address: String = "cards/a") async throws {
    try await store.transaction { try $0.put(address, document) }
  }

  /// Records a conflict, and returns its id.
  func collide(
    at pointer: String, of document: String = "cards/a", base: JSONValue? = nil, kept: JSONValue?, lost: JSONValue?
  ) async throws -> String {
    var record: JSONObject = ["document": .string(document), "pointer": .string(pointer), "status": "open"]
    record["base"] = base
    record["kept"] = kept
    record["lost"] = lost
    let receipt = try await store.transaction { [record] in _ = try $0.create(in: "conflicts", .object(record)) }
    return try #require(receipt.documents.first?.address.id.text)
  }

  func value(_ address: String = "cards/a") throws -> JSONValue? {
    try store.snapshot().document(address)?.root.value
  }

  /// Takes the owner's last operation back.
  func undo() async throws {
    let plan = try store.snapshot().planUndo(by: Caller.owner.author, origin: .service)
    try await store.transaction(author: Caller.owner.author, origin: .service) { try $0.apply(plan) }
  }
}
