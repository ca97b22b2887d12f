import Daybook
import DaybookRuntime
import HTTPTypes

/// Research tasks: a question, a plan, and what was done and found, as it comes.
enum ResearchEndpoints {
  static let group = Endpoint.Group(
    name: "Research", description: "A question, a plan, and steps, panels and analyses as they come.")

  static let all: [Endpoint] = [
    create, list, search, get, setPlan, start, complete, fail, cancel, reopen, append, items, delete,
  ].admitting(.touching([collection]))

  private static let collection = "research"
  private static let plan: JSONValue = ["description": "What is to be done, in a form that the application decides."]

  static let create = Endpoint(
    .post, "/api/v1/research", group, "Begin a research task", "It is planned until it is started.",
    body: Endpoint.Body(
      Form.object(
        [
          ("query", Form.text("The question.", atLeast: 1)), ("title", Form.text("For lists.", atMost: 300)),
          ("plan", plan), ("metadata", Form.metadata),
        ], optional: ["title", "plan", "metadata"]), limit: Limits.documentBytes,
      example: ["query": "Who keeps history?", "plan": ["steps": ["List the stores"]]]),
    outcomes: [.created("It is planned.", below: "/api/v1/research")] + .creatingOwned
  ) { call in
    let task = try await call.rooms.research.create(
      query: call.sentText("query") ?? "", title: call.sentText("title"), plan: call.sentValue("plan"),
      metadata: call.sentObject("metadata"), for: call.caller)
    return try call.created(task, below: "/api/v1/research")
  }

  static let list = Endpoint(
    .get, "/api/v1/research", group, "List the caller's research tasks, newest first",
    parameters: [.status(ResearchStatus.self), .limit, .after], outcomes: .listingOwned
  ) { call in
    try call.page(
      try call.rooms.research.list(
        status: status(call), limit: call.pageLimit, after: call.text("after"), for: call.caller))
  }

  static let search = Endpoint(
    .get, "/api/v1/research/search", group, "Search the caller's research tasks",
    "In title, question, report and error; newest first. A page may be short and still have others behind it.",
    parameters: [.searchText, .status(ResearchStatus.self), .limit, .after], outcomes: .listingOwned
  ) { call in
    try await call.apart {
      try call.page(
        try call.rooms.research.search(
          call["q"], status: status(call), limit: call.pageLimit, after: call.text("after"), for: call.caller))
    }
  }

  static let get = Endpoint(
    .get, "/api/v1/research/{id}", group, "Read all of a research task",
    "For a client that begins or lost its connection: it goes on with the events after `sequence`.",
    parameters: [.ownID],
    outcomes: [
      Endpoint.Outcome(
        .ok, "The task with the newest items of each series.",
        json: Form.object(
          Form.ownedMembers + [("steps", Form.tail), ("panels", Form.tail), ("analyses", Form.tail)]))
    ] + .readingOwned
  ) { call in
    let state = try call.rooms.research.state(call.id, for: call.caller)
    return Answer.json(try state.json(in: call.store.snapshot())).with(.eTag, state.document.revision.tag)
  }

  static let setPlan = Endpoint(
    .put, "/api/v1/research/{id}/plan", group, "Change the plan", "Until the task is finished.",
    parameters: [.ownID, .ifMatch],
    body: Endpoint.Body(
      Form.object([("plan", plan)]), limit: Limits.documentBytes, example: ["plan": ["steps": ["List the stores"]]]),
    outcomes: [.owned(.ok, "It is changed.")] + .changingOwned
  ) { call in
    try await call.change(in: collection) {
      try await call.rooms.research.setPlan(
        call.id, to: call.sentValue("plan") ?? .null, if: $0, for: call.caller)
    }
  }

  static let start = Endpoint(
    .post, "/api/v1/research/{id}/start", group, "Start a planned task", parameters: [.ownID, .ifMatch],
    outcomes: [.owned(.ok, "It runs.")] + .changingOwned
  ) { call in
    try await call.change(in: collection) { try await call.rooms.research.start(call.id, if: $0, for: call.caller) }
  }

  static let complete = Endpoint(
    .post, "/api/v1/research/{id}/complete", group, "Complete a running task", parameters: [.ownID, .ifMatch],
    body: Endpoint.Body(
      Form.object([("report", ["type": "string", "description": "What came out."])], optional: ["report"]),
      limit: Limits.documentBytes, example: ["report": "Few do."]),
    outcomes: [.owned(.ok, "It is completed.")] + .changingOwned
  ) { call in
    try await call.change(in: collection) {
      try await call.rooms.research.complete(call.id, report: call.sentText("report"), if: $0, for: call.caller)
    }
  }

  static let fail = Endpoint(
    .post, "/api/v1/research/{id}/fail", group, "Say that a task has failed", parameters: [.ownID, .ifMatch],
    body: Endpoint.Body(Form.object([("error", Form.reason)]), example: ["error": "The search does not answer."]),
    outcomes: [.owned(.ok, "It has failed.")] + .changingOwned
  ) { call in
    try await call.change(in: collection) {
      try await call.rooms.research.fail(call.id, error: call.sentText("error") ?? "", if: $0, for: call.caller)
    }
  }

  static let cancel = Endpoint(
    .post, "/api/v1/research/{id}/cancel", group, "Cancel a task", parameters: [.ownID, .ifMatch],
    outcomes: [.owned(.ok, "It is cancelled.")] + .changingOwned
  ) { call in
    try await call.change(in: collection) { try await call.rooms.research.cancel(call.id, if: $0, for: call.caller) }
  }

  static let reopen = Endpoint(
    .post, "/api/v1/research/{id}/reopen", group, "Let a finished task run again", "All that it holds stays.",
    parameters: [.ownID, .ifMatch], outcomes: [.owned(.ok, "It runs.")] + .changingOwned
  ) { call in
    try await call.change(in: collection) { try await call.rooms.research.reopen(call.id, if: $0, for: call.caller) }
  }

  static let append = Endpoint(
    .post, "/api/v1/research/{id}/items", group, "Add steps, panels and analyses",
    "All of it or nothing, while the task runs.", parameters: [.ownID],
    body: Endpoint.Body(
      Form.object(
        [
          ("steps", Form.items("What was done.")), ("panels", Form.items("What is to be shown.")),
          ("analyses", Form.items("What somebody makes of it.")),
        ], optional: ["steps", "panels", "analyses"]), limit: Limits.documentBytes,
      example: ["steps": [["title": "List the stores", "content": "Found twelve."]]]),
    outcomes: [.owned(.ok, "They are added.")] + .changingOwned
  ) { call in
    let items = ResearchItems(
      steps: call.sentItems("steps"), panels: call.sentItems("panels"), analyses: call.sentItems("analyses"))
    return try call.owned(try await call.rooms.research.append(items, to: call.id, for: call.caller))
  }

  static let items = Endpoint(
    .get, "/api/v1/research/{id}/items/{series}", group, "Read items of a series from a place on", "Oldest first.",
    parameters: [
      .ownID,
      Parameter(
        "series", in: .path, "Which of the three.",
        ["type": "string", "enum": .array(ResearchSeries.allCases.map { .string($0.rawValue) })], example: "steps"),
      .from, .limit,
    ],
    outcomes: [Endpoint.Outcome(.ok, "The items.", json: Form.tail)] + .readingOwned
  ) { call in
    let first = call.integer("from") ?? 0
    let items = try call.rooms.research.items(
      of: ResearchSeries(rawValue: call["series"]) ?? .steps, of: call.id, from: first, limit: call.pageLimit,
      for: call.caller)
    return .json(["first": .number(JSONNumber(first)), "items": .array(items)])
  }

  static let delete = Endpoint(
    .delete, "/api/v1/research/{id}", group, "Delete a task with its series", "Its history stays.",
    parameters: [.ownID, .ifMatch], outcomes: [Endpoint.Outcome(.noContent, "It is deleted.")] + .changingOwned
  ) { call in
    try await call.delete(in: collection) { try await call.rooms.research.delete(call.id, if: $0, for: call.caller) }
  }

  private static func status(_ call: Call) -> ResearchStatus? {
    call.text("status").flatMap { ResearchStatus(rawValue: $0) }
  }
}
