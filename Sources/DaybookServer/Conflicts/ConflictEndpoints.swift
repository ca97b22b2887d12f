import Daybook
import DaybookRuntime
import HTTPTypes

/// What collided, and what people decide on it. Both come as events, `conflict`.
enum ConflictEndpoints {
  static let group = Endpoint.Group(
    name: "Conflicts",
    description:
      "Where two changes of the same member met: one stands in the document, the other is kept here. For owners.")

  static let all: [Endpoint] = [list, get, resolve].admitting(.callers)

  private static let collection = "conflicts"

  static let list = Endpoint(
    .get, "/v1/conflicts", group, "List conflicts", "Newest first; the open ones if not said else.",
    parameters: [
      Parameter(
        "status", in: .query, "Only those of this status, or all.",
        ["type": "string", "enum": ["open", "resolved", "all"], "default": "open"]), .limit, .after,
    ], outcomes: .listingOwned
  ) { call in
    let status = call.text("status") ?? ConflictStatus.open.rawValue
    return try call.page(
      Conflicts(call.store).list(
        status: ConflictStatus(rawValue: status), limit: call.pageLimit, after: call.text("after"), for: call.caller))
  }

  static let get = Endpoint(
    .get, "/v1/conflicts/{id}", group, "Read a conflict",
    """
    What the member was before both changes (`base`), what stayed of them (`kept`) and what did not (`lost`). Where \
    one of them is missing, nothing was there.
    """,
    parameters: [.ownID], outcomes: [.owned(.ok, "The conflict.")] + reading
  ) { call in
    try call.owned(Conflicts(call.store).conflict(call.id, for: call.caller))
  }

  static let resolve = Endpoint(
    .post, "/v1/conflicts/{id}/resolve", group, "Resolve a conflict",
    """
    The document becomes what is decided, and the conflict is resolved, in one commit. `mine`: what stands in the \
    document stays. `theirs`: what did not stay takes its place, also where it took the member away. `both`: lists, \
    objects and texts are joined. `value`: that of the member `value`.
    """,
    parameters: [.ownID, .ifMatch],
    body: Endpoint.Body(
      Form.object(
        [
          ("resolution", ["type": "string", "enum": .array(ConflictResolution.names.map { .string($0) })]),
          ("value", ["description": "What is to stand there, with the resolution `value` and no other."]),
        ], optional: ["value"]), limit: Limits.documentBytes, example: ["resolution": "theirs"]),
    outcomes: [
      Endpoint.Outcome(
        .ok, "It is resolved.", json: Form.owned, headers: [("ETag", "The conflict's revision, in quotes.")]
      ) { call, receipt in try call.owned(call.document(writtenBy: receipt, in: collection)) },
      .problem(.conflict, "It is resolved already; the problem says how and when."),
      .problem(.preconditionFailed, "It is at another revision than `If-Match` says."),
      .problem(.forbidden, "The two cannot both stay, a secret is not held here, or the id is not possible."),
      .problem(
        .unprocessableContent,
        "The document would break a rule of its kind, or the value does not go with the resolution."
      ),
    ] + reading
  ) { call in
    let resolution = try ConflictResolution(call.sentText("resolution") ?? "", value: call.sentValue("value"))
    return try await call.change(in: collection) {
      try await Conflicts(call.store).resolve(call.id, as: resolution, if: $0, for: call.caller)
    }
  }

  private static let reading: [Endpoint.Outcome] = [
    .problem(.notFound, "There is no such conflict, or its document is gone."),
    .problem(.forbidden, "The caller does not look after the store, or the id is not possible."),
  ]
}
