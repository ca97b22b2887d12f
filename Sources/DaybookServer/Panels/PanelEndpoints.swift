import Daybook
import DaybookRuntime
import HTTPTypes

/// Saved pages of panels: layout, query and data together, so that one is shown again as it was.
enum PanelEndpoints {
  static let group = Endpoint.Group(
    name: "Panels", description: "Saved pages of panels: what was asked, how the answer was laid out, and its data.")

  static let all: [Endpoint] = [save, list, search, deleted, get, update, delete, recover]
    .admitting(.touching([collection]))

  private static let collection = "panels"

  private static let content: [(String, JSONValue)] = [
    ("layout", ["type": ["object", "array"], "description": "Which panels there are and where."]),
    ("title", Form.text("What people find it by.", atMost: 300)),
    ("description", Form.text("What is to be seen.", atMost: 2_000)),
    ("query", Form.text("What was asked to get this.", atMost: 10_000)),
    ("data", ["description": "What the panels show."]), ("metadata", Form.metadata),
  ]
  private static let example: JSONValue = [
    "title": "Swift news", "query": "What is new in Swift?", "layout": ["columns": 2],
    "data": ["items": [["title": "Swift 6.3"]]],
  ]

  static let save = Endpoint(
    .post, "/api/v1/panels", group, "Save a page of panels",
    body: Endpoint.Body(
      Form.object(content, optional: Set(content.map(\.0)).subtracting(["layout"])), limit: Limits.documentBytes,
      example: example),
    outcomes: [.created("It is saved.", below: "/api/v1/panels")] + .creatingOwned
  ) { call in
    let panel = try await call.rooms.panels.save(sent(call), for: call.caller)
    return try call.created(panel, below: "/api/v1/panels")
  }

  static let list = Endpoint(
    .get, "/api/v1/panels", group, "List the caller's pages", "The one first that was saved last.",
    parameters: [.limit, .after], outcomes: .listingOwned
  ) { call in
    try call.page(try call.rooms.panels.list(limit: call.pageLimit, after: call.text("after"), for: call.caller))
  }

  static let search = Endpoint(
    .get, "/api/v1/panels/search", group, "Search the caller's pages",
    "In title, description and query; newest first. A page of the list may be short and still have others behind it.",
    parameters: [.searchText, .limit, .after], outcomes: .listingOwned
  ) { call in
    try await call.apart {
      try call.page(
        try call.rooms.panels.search(
          call["q"], limit: call.pageLimit, after: call.text("after"), for: call.caller))
    }
  }

  static let get = Endpoint(
    .get, "/api/v1/panels/{id}", group, "Read a page", parameters: [.ownID],
    outcomes: [.owned(.ok, "The page.")] + .readingOwned
  ) { call in
    try call.owned(try call.rooms.panels.panel(call.id, for: call.caller))
  }

  static let update = Endpoint(
    .put, "/api/v1/panels/{id}", group, "Save a page again", "What is left out stays as it is.",
    parameters: [.ownID, .ifMatch],
    body: Endpoint.Body(
      Form.object(content, optional: Set(content.map(\.0))), limit: Limits.documentBytes, example: example),
    outcomes: [.owned(.ok, "It is saved.")] + .changingOwned
  ) { call in
    try await call.change(in: collection) {
      try await call.rooms.panels.update(call.id, with: sent(call), if: $0, for: call.caller)
    }
  }

  static let delete = Endpoint(
    .delete, "/api/v1/panels/{id}", group, "Delete a page", "It can be recovered.", parameters: [.ownID, .ifMatch],
    outcomes: [Endpoint.Outcome(.noContent, "It is deleted.")] + .changingOwned
  ) { call in
    try await call.delete(in: collection) { try await call.rooms.panels.delete(call.id, if: $0, for: call.caller) }
  }

  static let deleted = Endpoint(
    .get, "/api/v1/panels/deleted", group, "List the caller's deleted pages", parameters: [.limit, .after],
    outcomes: [
      Endpoint.Outcome(
        .ok, "A page.",
        json: Form.object([
          (
            "documents",
            Form.list(
              Form.object([
                ("id", ["type": "string"]), ("deleted_at", ["type": "string", "format": "date-time"]),
                ("deleted_by", ["type": "string"]), ("excerpt", ["type": "object"]),
              ]))
          ), ("next", Form.nullable(["type": "string"])),
        ])), .problem(.unprocessableContent, "A cursor that this list cannot have."),
    ]
  ) { call in
    try await call.apart {
      var deleted = try call.rooms.panels.deleted(limit: call.pageLimit, after: call.pageEnd, for: call.caller)
      deleted.next = try call.sealed(deleted.next)
      return .json(try deleted.json(in: call.store.snapshot()))
    }
  }

  static let recover = Endpoint(
    .post, "/api/v1/panels/{id}/recover", group, "Bring a deleted page back", "As it was, as a new change of it.",
    parameters: [.ownID], outcomes: [.owned(.ok, "It is back.")] + .changingOwned
  ) { call in
    try call.owned(try await call.rooms.panels.recover(call.id, for: call.caller))
  }

  private static func sent(_ call: Call) -> PanelContent {
    PanelContent(
      title: call.sentText("title"), description: call.sentText("description"), query: call.sentText("query"),
      layout: call.sentValue("layout"), data: call.sentValue("data"), metadata: call.sentObject("metadata"))
  }
}
