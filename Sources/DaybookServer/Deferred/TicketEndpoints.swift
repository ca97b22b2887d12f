import Daybook
import DaybookRuntime
import HTTPTypes

/// What became of writes that were accepted and not made at once.
enum TicketEndpoints {
  static let group = Endpoint.Group(
    name: "Tickets", description: "Writes that were accepted with `Prefer: respond-async` and are made later.")

  static let all: [Endpoint] = [get].admitting(.callers)

  static let get = Endpoint(
    .get, "/api/v1/tickets/{ticket}", group, "Read what became of a deferred write",
    "What waits outlives the service. Tickets of writes that are over are forgotten after a while, and with a restart.",
    parameters: [
      Parameter(
        "ticket", in: .path, "What the write was answered with.",
        ["type": "string", "minLength": 1, "maxLength": 100], example: "3w5e11264sgsf2k8m1c0d9x7")
    ],
    outcomes: [
      Endpoint.Outcome(
        .ok, "It waits, was made, or will not be made.",
        json: Form.object(
          [
            ("ticket", ["type": "string"]), ("state", ["enum": ["waiting", "done", "failed"]]),
            ("attempts", ["type": "integer", "description": "How often it was tried."]),
            (
              "documents",
              Form.list(Form.object([("document", Form.address), ("revision", Form.nullable(Form.revision))]))
            ),
            ("sequence", Form.sequence), ("problem", Form.problem),
          ], optional: ["attempts", "documents", "sequence", "problem"])),
      .problem(.notFound, "The caller has no such ticket, or it is forgotten."),
      .problem(.forbidden, "The caller's token does not cover what was written."),
    ]
  ) { call in
    var object: JSONObject = ["ticket": .string(call["ticket"])]
    let state = try call.rooms.deferred.state(of: call["ticket"], for: call.caller)
    if case .done(let result) = state {
      for (address, _) in result.documents { try call.caller.check(.read, in: address.collection.text) }
    }
    for member in json(state) {
      object[member.key] = member.value
    }
    return .json(object)
  }

  private static func json(_ state: DeferredState) -> JSONObject {
    switch state {
    case .waiting(let attempts, let error):
      var object: JSONObject = ["state": "waiting", "attempts": .number(JSONNumber(attempts))]
      object["problem"] = error.map { .object(Problem($0).json) }
      return object
    case .done(let result):
      let documents = result.documents.map { address, revision in
        ["document": .string("\(address)"), "revision": revision.map { .string("\($0)") } ?? .null] as JSONValue
      }
      return [
        "state": "done", "documents": .array(documents), "sequence": .number(JSONNumber(result.sequence)),
      ]
    case .failed(let error): return ["state": "failed", "problem": .object(Problem(error).json)]
    }
  }
}

extension DeferredCounts {
  /// As the status shows them. Why a write waits is told without what concerns the machine.
  var json: JSONValue {
    [
      "waiting": .number(JSONNumber(waiting)), "bytes": .number(JSONNumber(bytes)),
      "done": .number(JSONNumber(done)), "failed": .number(JSONNumber(failed)),
      "last_error": lastError.map { .string(Problem($0).detail) } ?? .null,
    ]
  }
}
