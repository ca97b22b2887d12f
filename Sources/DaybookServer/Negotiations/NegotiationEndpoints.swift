import Daybook
import DaybookRuntime
import HTTPTypes

/// Negotiations: a demand, the offers that agents make for it, and the plan that comes of them.
enum NegotiationEndpoints {
  static let group = Endpoint.Group(
    name: "Negotiations", description: "A demand, the offers that agents make for it, and the plan that comes of them.")

  static let all: [Endpoint] =
    ([create, get, delete, formulate, setAssistOutput, assist, begin]
    + [addOffers, offers, exit, update, complete, fail] + NegotiationHistoryEndpoints.all)
    .admitting(.touching([collection]))

  private static let collection = "negotiations"
  private static let longText: JSONValue = ["type": "string"]
  private static let word = Form.text("In the application's words.", atMost: 512)

  static let state = Endpoint.Outcome(
    .ok, "The negotiation with its newest offers, and the last word of each agent.",
    json: Form.object(
      Form.ownedMembers + [("offers", Form.tail), ("current_offers", Form.list(["type": "object"]))]))

  static func shown(_ id: String, _ call: Call) throws -> Answer {
    let state = try call.rooms.negotiations.state(id, for: call.caller)
    return Answer.json(try state.json(in: call.store.snapshot())).with(.eTag, state.document.revision.tag)
  }

  // MARK: The demand

  static let create = Endpoint(
    .post, "/api/v1/negotiations", group, "Make a demand", "It is pending: nobody has been asked yet.",
    parameters: [.prefer],
    body: Endpoint.Body(
      Form.object(
        [
          ("demand_text", Form.text("What is wanted, as the user wrote it.", atLeast: 1)),
          (
            "demand_mode",
            ["enum": .array(Demand.Mode.allCases.map { .string($0.rawValue) }), "default": "manual"]
          ),
          ("assist_output", longText), ("formulated_text", longText), ("scene_id", word), ("scope", word),
          ("metadata", Form.metadata),
        ], optional: ["demand_mode", "assist_output", "formulated_text", "scene_id", "scope", "metadata"]),
      limit: Limits.documentBytes,
      example: ["demand_text": "I look for somebody who builds the hardware", "scene_id": "hackathon"]),
    outcomes: [.created("It is pending.", below: "/api/v1/negotiations"), .accepted] + .creatingOwned
  ) { call in
    let demand = Demand(
      call.sentText("demand_text") ?? "",
      mode: call.sentText("demand_mode").flatMap { Demand.Mode(rawValue: $0) } ?? .manual,
      assistOutput: call.sentText("assist_output"), formulatedText: call.sentText("formulated_text"),
      scene: call.sentText("scene_id"), scope: call.sentText("scope"), metadata: call.sentObject("metadata"))
    return try await call.deferrable(.create(demand)) {
      try call.created($0, below: "/api/v1/negotiations")
    }
  }

  static let get = Endpoint(
    .get, "/api/v1/negotiations/{id}", group, "Read a negotiation with its offers", parameters: [.ownID],
    outcomes: [state] + .readingOwned
  ) { call in try shown(call.id, call) }

  static let delete = Endpoint(
    .delete, "/api/v1/negotiations/{id}", group, "Delete a negotiation with its offers", "Its history stays.",
    parameters: [.ownID, .ifMatch], outcomes: [Endpoint.Outcome(.noContent, "It is deleted.")] + .changingOwned
  ) { call in
    try await call.delete(in: collection) {
      try await call.rooms.negotiations.delete(call.id, if: $0, for: call.caller)
    }
  }

  static let formulate = Endpoint(
    .put, "/api/v1/negotiations/{id}/formulated-text", group, "Say the demand as the agents are told it",
    parameters: [.ownID, .ifMatch, .prefer],
    body: Endpoint.Body(
      Form.object([("text", longText)]), limit: Limits.documentBytes,
      example: ["text": "Wanted: a partner for hardware, two weekends in spring"]),
    outcomes: [.owned(.ok, "It is said."), .accepted] + .changingOwned
  ) { call in
    let text = call.sentText("text") ?? ""
    return try await call.deferrable(.formulate(call.id, as: text), in: collection) {
      try await call.rooms.negotiations.formulate(call.id, as: text, if: $0, for: call.caller)
    }
  }

  // MARK: The assistant

  static let setAssistOutput = Endpoint(
    .put, "/api/v1/negotiations/{id}/assist-output", group, "Keep what an assistant wrote for the demand",
    parameters: [.ownID, .prefer],
    body: Endpoint.Body(Form.object([("text", longText)]), example: ["text": "Two weekends in spring would do."]),
    outcomes: [.owned(.ok, "It is kept."), .accepted] + .changingOwned
  ) { call in try await keep(call.sentText("text") ?? "", call) }

  static let assist = Endpoint(
    .post, "/api/v1/negotiations/{id}/assist", group, "Keep an assistant's text that comes as a stream",
    """
    As plain text it may come for an hour, with pauses of up to two minutes. It is kept when it ends. When it breaks \
    off, what came is kept, and the request fails. When it cannot be kept now, it will be.
    """,
    parameters: [.ownID, .prefer],
    body: Endpoint.Body(
      [
        (MediaTypes.text, CheckedSchema(["type": "string"])),
        (MediaTypes.json, CheckedSchema(Form.object([("text", longText)]))),
      ], streamed: MediaTypes.text, example: "Two weekends in spring would do."),
    outcomes: [.owned(.ok, "It is kept."), .accepted] + .changingOwned
  ) { call in
    guard let pieces = call.pieces else { return try await keep(call.sentText("text") ?? "", call) }
    let outcome = try await call.rooms.negotiations.assist(
      call.id, with: pieces, for: call.caller, deferring: call.rooms.deferred)
    return try call.answer(outcome) { try call.owned($0) }
  }

  private static func keep(_ text: String, _ call: Call) async throws -> Answer {
    // What is not there will not be there later.
    _ = try call.rooms.negotiations.state(call.id, for: call.caller)
    return try await call.deferrable(.setAssistOutput(call.id, to: text)) { try call.owned($0) }
  }

  // MARK: Offers

  static let begin = Endpoint(
    .post, "/api/v1/negotiations/{id}/begin", group, "Begin to ask agents", "Of several who begin at once, one does.",
    parameters: [.ownID, .ifMatch, .prefer],
    outcomes: [.owned(.ok, "It is negotiated."), .accepted] + .changingOwned
  ) { call in
    try await call.deferrable(.begin(call.id), in: collection) {
      try await call.rooms.negotiations.begin(call.id, if: $0, for: call.caller)
    }
  }

  static let addOffers = Endpoint(
    .post, "/api/v1/negotiations/{id}/offers", group, "Add what agents offer", "All of it or nothing.",
    parameters: [.ownID, .prefer],
    body: Endpoint.Body(
      Form.object([("offers", Form.items("Offers of the schema `negotiation`."))]), limit: Limits.documentBytes,
      example: ["offers": [["agent_id": "workshop", "text": "Two weekends in April.", "confidence": 0.7]]]),
    outcomes: [.owned(.ok, "They are added."), .accepted] + .changingOwned
  ) { call in
    try await call.deferrable(.addOffers(call.sentItems("offers"), to: call.id)) { try call.owned($0) }
  }

  static let offers = Endpoint(
    .get, "/api/v1/negotiations/{id}/offers", group, "Read offers from a place on", "Oldest first.",
    parameters: [.ownID, .from, .limit],
    outcomes: [Endpoint.Outcome(.ok, "The offers.", json: Form.tail)] + .readingOwned
  ) { call in
    let first = call.integer("from") ?? 0
    let offers = try call.rooms.negotiations.offers(of: call.id, from: first, limit: call.pageLimit, for: call.caller)
    return .json(["first": .number(JSONNumber(first)), "items": .array(offers)])
  }

  static let exit = Endpoint(
    .post, "/api/v1/negotiations/{id}/exit", group, "Say that an agent has left", "Its offer no longer stands.",
    parameters: [.ownID, .prefer],
    body: Endpoint.Body(
      Form.object([("agent_id", Form.text("The agent.", atLeast: 1, atMost: 512))]),
      example: ["agent_id": "workshop"]),
    outcomes: [.owned(.ok, "It has left."), .accepted] + .changingOwned
  ) { call in
    try await call.deferrable(.exit(agent: call.sentText("agent_id") ?? "", from: call.id)) { try call.owned($0) }
  }

  // MARK: The outcome

  private static let outcome = Endpoint.Body(
    Form.object(
      [
        ("plan_text", longText), ("plan_json", ["description": "In a form that the application decides."]),
        ("rounds", ["type": "integer", "minimum": 0, "maximum": 1_000_000_000]),
        ("chain_ref", Form.text("Where it is recorded outside.", atMost: 1_000)),
      ], optional: ["plan_text", "plan_json", "rounds", "chain_ref"]), limit: Limits.documentBytes,
    example: ["plan_text": "Two weekends in April.", "plan_json": ["weekends": 2], "rounds": 2])

  private static func outcome(_ call: Call) -> NegotiationOutcome {
    NegotiationOutcome(
      planText: call.sentText("plan_text"), planJSON: call.sentValue("plan_json"),
      rounds: call.member("rounds")?.integer, chainReference: call.sentText("chain_ref"))
  }

  static let update = Endpoint(
    .patch, "/api/v1/negotiations/{id}/outcome", group, "Note what it has come to so far",
    "What is left out stays as it is.", parameters: [.ownID, .ifMatch, .prefer], body: outcome,
    outcomes: [.owned(.ok, "It is noted."), .accepted] + .changingOwned
  ) { call in
    try await call.deferrable(.update(call.id, outcome(call)), in: collection) {
      try await call.rooms.negotiations.update(call.id, outcome(call), if: $0, for: call.caller)
    }
  }

  static let complete = Endpoint(
    .post, "/api/v1/negotiations/{id}/complete", group, "Complete a negotiation",
    parameters: [.ownID, .ifMatch, .prefer],
    body: outcome, outcomes: [.owned(.ok, "It is completed."), .accepted] + .changingOwned
  ) { call in
    try await call.deferrable(.complete(call.id, outcome(call)), in: collection) {
      try await call.rooms.negotiations.complete(call.id, outcome(call), if: $0, for: call.caller)
    }
  }

  static let fail = Endpoint(
    .post, "/api/v1/negotiations/{id}/fail", group, "Say that a negotiation has failed",
    parameters: [.ownID, .ifMatch, .prefer],
    body: Endpoint.Body(Form.object([("error", Form.reason)]), example: ["error": "Nobody made an offer."]),
    outcomes: [.owned(.ok, "It has failed."), .accepted] + .changingOwned
  ) { call in
    let error = call.sentText("error") ?? ""
    return try await call.deferrable(.fail(call.id, error: error), in: collection) {
      try await call.rooms.negotiations.fail(call.id, error: error, if: $0, for: call.caller)
    }
  }
}
