import Daybook
import DaybookRuntime
import HTTPTypes

/// Conversations as the sessions of agent frameworks see them: lists of items, at whose end they add and take away.
enum SessionItemEndpoints {
  static let all: [Endpoint] = [read, add, pop, clear, replaceSuffix]

  private static let group = SessionEndpoints.group
  private static let exactItems = Form.list(["type": "object"])

  static let read = Endpoint(
    .get, "/api/v1/chat/sessions/{id}/items", group, "Read the items of a conversation",
    "Oldest first, each as it was given. A message that came in another way is one with its role and content.",
    parameters: [
      .ownID,
      Parameter(
        "last", in: .query, "Only so many of the newest.", ["type": "integer", "minimum": 0, "maximum": 1_000_000_000]),
    ],
    outcomes: [
      Endpoint.Outcome(.ok, "The items.", json: Form.object([("items", exactItems)])),
      .problem(.contentTooLarge, "There are too many to be given at once."),
    ] + .readingOwned
  ) { call in
    let items = try call.rooms.sessions.items(of: call.id, last: call.integer("last"), for: call.caller)
    return .json(["items": .array(items)])
  }

  static let add = Endpoint(
    .post, "/api/v1/chat/sessions/{id}/items", group, "Add items to a conversation", "All or none, in this order.",
    parameters: [.ownID],
    body: Endpoint.Body(
      Form.object([("items", Form.items("In the form of the framework.", atLeast: 0))]), limit: Limits.documentBytes,
      example: ["items": [["type": "function_call_output", "call_id": "c1", "output": "12 items"]]]),
    outcomes: [Endpoint.Outcome(.noContent, "They are added.")] + .changingOwned
  ) { call in
    try await call.rooms.sessions.add(items: call.sentItems("items"), to: call.id, for: call.caller)
    return Answer(.noContent)
  }

  static let pop = Endpoint(
    .post, "/api/v1/chat/sessions/{id}/items/pop", group, "Take the last item away",
    "Of two who do, each gets another one.", parameters: [.ownID],
    outcomes: [
      Endpoint.Outcome(
        .ok, "The item; null when there was none.",
        json: Form.object([("item", Form.nullable(["type": "object"]))])
      ) { call, receipt in .json(["item": try call.rooms.sessions.item(poppedBy: receipt) ?? .null]) }
    ] + .changingOwned
  ) { call in
    .json(["item": try await call.rooms.sessions.popItem(of: call.id, for: call.caller) ?? .null])
  }

  static let clear = Endpoint(
    .post, "/api/v1/chat/sessions/{id}/items/clear", group, "Take all items away", parameters: [.ownID],
    outcomes: [Endpoint.Outcome(.noContent, "There are none.")] + .changingOwned
  ) { call in
    try await call.rooms.sessions.clear(call.id, for: call.caller)
    return Answer(.noContent)
  }

  static let replaceSuffix = Endpoint(
    .post, "/api/v1/chat/sessions/{id}/items/replace-suffix", group, "Replace the last items by others",
    "Only if they are those that are expected.", parameters: [.ownID],
    body: Endpoint.Body(
      Form.object([
        ("expected", Form.items("What must stand at the end.", atLeast: 0)),
        ("items", Form.items("What is to stand there.", atLeast: 0)),
      ]), limit: Limits.documentBytes,
      example: [
        "expected": [["role": "assistant", "content": "Three."]], "items": [["role": "assistant", "content": "Four."]],
      ]),
    outcomes: [
      Endpoint.Outcome(
        .ok, "Whether they were, and are replaced.", json: Form.object([("replaced", ["type": "boolean"])])
      ) { _, _ in .json(["replaced": true]) }
    ] + .changingOwned
  ) { call in
    let replaced = try await call.rooms.sessions.replaceSuffix(
      call.sentItems("expected"), with: call.sentItems("items"), of: call.id, for: call.caller)
    return .json(["replaced": .bool(replaced)])
  }
}
