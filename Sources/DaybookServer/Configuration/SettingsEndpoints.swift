import Daybook
import DaybookRuntime
import HTTPTypes

/// Settings in their layers.
enum SettingsEndpoints {
  static let group = Endpoint.Group(
    name: "Settings",
    description: "Settings in layers: default, system, user, session; and what agents have for themselves.")

  static let all: [Endpoint] = [list, explain, set, setMany, reset, agent].admitting(.callers)

  private static let key = Parameter(
    "key", in: .path, "The setting.", ["type": "string", "minLength": 1, "maxLength": 300],
    example: "search.max_results")
  private static let session = Parameter(
    "session", in: .query, "The session, by id.", ["type": "string", "maxLength": 512])
  private static let agentName = Parameter("agent", in: .query, "The agent.", ["type": "string", "maxLength": 100])
  private static let layer = Parameter(
    "layer", in: .query, "The layer that is written: the caller's own, the system's, or that of `session`.",
    ["type": "string", "enum": ["user", "system", "session"], "default": "user"])
  private static let settingForm: JSONValue = [
    "type": "object",
    "required": ["key", "value", "layer", "name", "description", "type", "default", "scopes", "public"],
  ]
  private static let missing = Endpoint.Outcome.problem(.notFound, "There is no such setting, agent or session.")
  private static let written: [Endpoint.Outcome] = [
    .writes("It is set."), missing, .problem(.conflict, "Others changed the layer all the time."),
    .problem(.forbidden, "The setting cannot be set in this layer."),
    .problem(.unprocessableContent, "The value breaks a rule of the setting, or layer and session do not fit."),
  ]

  static let list = Endpoint(
    .get, "/api/v1/users/settings", group, "List all settings as they are for the caller",
    parameters: [
      session, agentName,
      Parameter("prefix", in: .query, "Only settings whose names begin so.", ["type": "string"], example: "search"),
      Parameter(
        "public", in: .query, "Only those that may be shown to whoever uses the application.", ["type": "boolean"]),
    ],
    outcomes: [
      Endpoint.Outcome(
        .ok, "The settings, and what does not count and why.",
        json: Form.object([("settings", Form.list(settingForm)), ("problems", Form.list(["type": "string"]))])),
      missing,
    ]
  ) { call in
    let settings = try effective(call)
    var rows: [JSONValue] = []
    for key in settings.definitions.keys(for: call.text("agent")) where key.text.hasPrefix(call.text("prefix") ?? "") {
      let definition = try settings.definitions.definition(of: key.text, for: call.text("agent"))
      if call.flag("public"), !definition.isPublic { continue }
      rows.append(.object(try settings.chain(of: key.text).json(definition)))
    }
    let problems = (settings.definitions.problems + settings.problems).map { JSONValue.string($0.message) }
    return .json(["settings": .array(rows), "problems": .array(problems)])
  }

  static let explain = Endpoint(
    .get, "/api/v1/users/settings/{key}", group, "Read a setting, and where its value comes from",
    parameters: [key, session, agentName],
    outcomes: [Endpoint.Outcome(.ok, "The setting with the chain of its layers.", json: settingForm), missing]
  ) { call in
    let settings = try effective(call)
    let definition = try settings.definitions.definition(of: call["key"], for: call.text("agent"))
    return .json(try settings.chain(of: call["key"]).explanation(definition))
  }

  static let set = Endpoint(
    .put, "/api/v1/users/settings/{key}", group, "Set a setting",
    "Every client learns of it as an event `config_updated`; nothing has to be started again.",
    parameters: [key, layer, session, agentName] + .writing,
    body: Endpoint.Body(Form.object([("value", [:])]), example: ["value": 20]), outcomes: written
  ) { call in
    try await change(call, [SettingsEdit.Assignment(call["key"], call.member("value")?.value ?? .null)])
  }

  static let setMany = Endpoint(
    .put, "/api/v1/users/settings/batch", group, "Set several settings in one commit",
    parameters: [layer, session, agentName] + .writing,
    body: Endpoint.Body(
      Form.object([("settings", ["type": "object", "minProperties": 1, "maxProperties": 1_000])]),
      example: ["settings": ["search.max_results": 20, "ui.theme": "dark"]]), outcomes: written
  ) { call in
    let assignments = call.member("settings")?.members.map { SettingsEdit.Assignment($0.key, $0.value.value) } ?? []
    return try await change(call, assignments)
  }

  static let reset = Endpoint(
    .delete, "/api/v1/users/settings/{key}", group, "Take a setting out of a layer",
    "From then on the layers below it decide.",
    parameters: [key, layer, session, agentName] + .writing, outcomes: written
  ) { call in
    try await change(call, [SettingsEdit.Assignment(call["key"], nil)])
  }

  static let agent = Endpoint(
    .get, "/api/v1/agents/{agent_name}/config", group, "Read what an agent has to know of the settings",
    "All settings as they are for this agent, by their names.",
    parameters: [
      Parameter(
        "agent_name", in: .path, "The agent.", ["type": "string", "minLength": 1, "maxLength": 100], example: "summary"),
      session,
    ],
    outcomes: [
      Endpoint.Outcome(
        .ok, "The values.",
        json: Form.object([
          ("agent", ["type": "string"]), ("settings", ["type": "object"]), ("sequence", Form.sequence),
        ])), missing,
    ]
  ) { call in
    let name = call["agent_name"]
    let sequence = call.store.snapshot().sequence
    let settings = try effective(call, agent: name)
    // An agent that nobody declared is told so, rather than given what is for everybody.
    try settings.definitions.checkAgent(name)
    let values = settings.definitions.keys(for: name).map { (key: $0.text, value: settings[$0.text] ?? .null) }
    return .json([
      "agent": .string(name), "settings": .object(JSONObject(values)), "sequence": .number(JSONNumber(sequence)),
    ])
  }

  // MARK: Steps

  private static func effective(_ call: Call, agent: String? = nil) throws -> EffectiveSettings {
    try call.caller.check(.read, in: "settings")
    if let session = call.text("session") { try call.sight.check("sessions/\(session)") }
    return try call.rooms.settings.effective(
      for: SettingsContext(
        user: call.caller.user, session: call.text("session"), agent: agent ?? call.text("agent")))
  }

  private static func change(_ call: Call, _ assignments: [SettingsEdit.Assignment]) async throws -> Answer {
    let target: SettingsSource
    switch (call.text("layer") ?? "user", call.text("session")) {
    case ("user", nil): target = .user(call.caller.user)
    case ("system", nil): target = .system
    case ("session", let session?): target = .session(session)
    default:
      throw Problem(
        .unprocessableContent, code: .usage, "The layer 'session' and the parameter session go together.",
        hint: "Give both or neither.")
    }
    if case .session(let id) = target { try call.sight.check("sessions/\(id)") }
    try call.caller.check(.write, in: "settings")
    return .writes(
      try await call.commit { snapshot, transaction in
        let definitions = try call.rooms.settings.definitions(in: snapshot)
        try SettingsEdit(assignments, in: target, agent: call.text("agent"), by: definitions, snapshot).add(
          to: &transaction)
      })
  }
}
