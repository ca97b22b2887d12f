import Daybook
import DaybookRuntime
import HTTPTypes

/// Conversations as single JSON values, to be kept elsewhere and brought in again.
enum SessionTransferEndpoints {
  static let all: [Endpoint] = [export, bringIn]

  private static let form = Form.object(
    [
      ("id", Form.text("The id that it had.", atMost: 512)),
      ("session", ["type": "object", "description": "A document of the kind `session`."]),
      ("messages", Form.list(["type": "object"])),
    ], optional: ["id"])

  static let export = Endpoint(
    .get, "/api/v1/chat/sessions/{id}/export", SessionEndpoints.group, "Export a conversation", parameters: [.ownID],
    outcomes: [Endpoint.Outcome(.ok, "All of it.", json: form)] + .readingOwned
  ) { call in
    .json(try call.rooms.sessions.export(call.id, for: call.caller).object ?? [:])
  }

  static let bringIn = Endpoint(
    .post, "/api/v1/chat/import", SessionEndpoints.group, "Bring an exported conversation in",
    "As the caller's own. It keeps its id if that is free and was so always.",
    body: Endpoint.Body(
      form, limit: Limits.transactionBytes,
      example: ["session": ["title": "Feeds"], "messages": [["role": "user", "content": "What is new?"]]]),
    outcomes: [
      .created("It is there.", below: "/api/v1/chat/sessions"),
      .problem(.conflict, "Somebody else brings in the same id."),
    ]
      + .creatingOwned
  ) { call in
    let session = try await call.rooms.sessions.importSession(call.content.text.root.value, for: call.caller)
    return try call.created(session, below: "/api/v1/chat/sessions")
  }
}
