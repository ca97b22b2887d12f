package import Daybook
package import Documents

/// What an agent asks a person, recognized by its form and kept as it came, and the rules of an answer.
///
/// - `responses`, LangGraph's older form: `{action_request: {action, args}, config: {allow_accept, allow_edit,
///   allow_respond, allow_ignore}}`, or a list of these. An answer is a list of as many `{type, args}`, of the types
///   accept, edit, response and ignore; or of one, for the first: LangGraph's agent inbox shows no other.
/// - `decisions`, that of LangChain's middleware: `{action_requests: [{name, args}], review_configs: [{action_name,
///   allowed_decisions}]}`. An answer is `{decisions: [{type, …}]}` with one for each action, of the types approve,
///   edit (`edited_action`), reject (`message`, if there is one) and respond (`message`).
/// - `value`, anything else. An answer is anything, or what fits the JSON Schema that came with the request.
package struct ReviewRequest: Sendable {
  package enum Form: String, Sendable {
    case responses, decisions, value
  }

  /// An action that is asked about, and the types of decisions that it allows.
  struct Action: Sendable {
    let name: String
    let allowed: Set<String>
  }

  package let form: Form
  /// None for a value.
  let actions: [Action]
  /// What a value must fit.
  private let schema: Schema?

  /// - Throws: `.invalid` for a request that no answer could fit, and for a schema that is none.
  package init(_ request: JSONValue, responseSchema: JSONValue? = nil) throws(StoreError) {
    if let actions = Self.responses(request) {
      (form, self.actions, schema) = (.responses, actions, nil)
    } else if let actions = try Self.decisions(request) {
      (form, self.actions, schema) = (.decisions, actions, nil)
    } else {
      (form, actions, schema) = (.value, [], try Self.schema(responseSchema))
    }
    if actions.contains(where: \.allowed.isEmpty) { throw StoreError(.invalid, "The request allows no answer.") }
  }

  /// What an interrupt asks, or a todo that has a request.
  package init(of document: Document) throws(StoreError) {
    try self.init(
      document.root["request"]?.value ?? .null, responseSchema: document.root["response_schema"]?.value)
  }

  // MARK: Recognizing

  private static func responses(_ request: JSONValue) -> [Action]? {
    let requests = request.array ?? [request]
    var actions: [Action] = []
    for request in requests {
      guard let name = request["action_request"]?["action"]?.string, let config = request["config"]?.object else {
        return nil
      }
      let flags = [
        "accept": "allow_accept", "edit": "allow_edit", "response": "allow_respond", "ignore": "allow_ignore",
      ]
      actions.append(Action(name: name, allowed: Set(flags.filter { config[$0.value]?.bool == true }.keys)))
    }
    return actions.isEmpty ? nil : actions
  }

  private static func decisions(_ request: JSONValue) throws(StoreError) -> [Action]? {
    guard let requests = request["action_requests"]?.array, let configs = request["review_configs"]?.array,
      !requests.isEmpty
    else { return nil }
    var actions: [Action] = []
    for request in requests {
      guard let name = request["name"]?.string else {
        throw StoreError(.invalid, "An action of the request has no name.")
      }
      let config = configs.first { $0["action_name"] == .string(name) }
      let allowed = config?["allowed_decisions"]?.array?.compactMap(\.string) ?? []
      actions.append(Action(name: name, allowed: Set(allowed)))
    }
    return actions
  }

  private static func schema(_ schema: JSONValue?) throws(StoreError) -> Schema? {
    guard let schema, schema != .null else { return nil }
    do {
      return try Schema(compiling: JSONText(formatting: schema))
    } catch {
      throw StoreError(.invalid, "The schema of the answer is no JSON Schema: \(error)", cause: error)
    }
  }

  // MARK: Answers

  /// The answer as it is handed to the agent, checked against what the request allows.
  ///
  /// - Throws: `.invalid` for one of another form, `.refused` for a decision that is not allowed.
  package func checked(_ answer: JSONValue) throws(StoreError) -> JSONValue {
    switch form {
    case .responses: return try responses(answer)
    case .decisions:
      guard let decisions = answer["decisions"]?.array else {
        throw StoreError(.invalid, "The answer has no list 'decisions'.")
      }
      try Self.check(decisions, actions, form: Self.isDecision)
      return answer
    case .value:
      guard let schema else { return answer }
      let violations = schema.validate(JSONText(formatting: answer).root, called: "the answer")
      guard violations.isEmpty else {
        let reasons = violations.map { "\($0.message)" }.joined(separator: "; ")
        throw StoreError(.invalid, "The answer does not fit what was asked: \(reasons).")
      }
      return answer
    }
  }

  /// A single answer may stand by itself; agents take a list.
  private func responses(_ answer: JSONValue) throws(StoreError) -> JSONValue {
    let responses = (answer.array ?? [answer]).map { response -> JSONValue in
      guard var object = response.object, object["args"] == nil else { return response }
      object["args"] = .null
      return .object(object)
    }
    try Self.check(responses, responses.count == 1 ? Array(actions.prefix(1)) : actions, form: Self.isResponse)
    return .array(responses)
  }

  private static func check(
    _ answers: [JSONValue], _ actions: [Action], form: (JSONValue, String) -> Bool
  ) throws(StoreError) {
    guard answers.count == actions.count else {
      throw StoreError(.invalid, "The request takes \(actions.count) decisions, and the answer has \(answers.count).")
    }
    for (answer, action) in zip(answers, actions) {
      guard let type = answer["type"]?.string else { throw StoreError(.invalid, "A decision has no 'type'.") }
      guard action.allowed.contains(type) else {
        throw StoreError(
          .refused, "The decision '\(type)' is not allowed here.",
          hint: "Allowed are: \(action.allowed.sorted().joined(separator: ", ")).")
      }
      guard form(answer, type) else { throw StoreError(.invalid, "The decision '\(type)' lacks what belongs to it.") }
    }
  }

  private static func isResponse(_ response: JSONValue, of type: String) -> Bool {
    switch type {
    case "edit": response["args"]?["action"]?.string != nil && response["args"]?["args"] != nil
    case "response": response["args"]?.string != nil
    default: true
    }
  }

  private static func isDecision(_ decision: JSONValue, of type: String) -> Bool {
    switch type {
    case "edit":
      decision["edited_action"]?["name"]?.string != nil && decision["edited_action"]?["args"]?.object != nil
    case "respond": decision["message"]?.string != nil
    case "reject": decision["message"].map { $0.string != nil || $0 == .null } ?? true
    default: true
    }
  }

  /// The decisions of an answer in a few words, for those who come too late.
  static func words(_ answer: JSONValue?) -> String? {
    let decisions = answer?["decisions"]?.array ?? answer?.array ?? []
    let types = decisions.compactMap { $0["type"]?.string }
    return types.isEmpty ? nil : types.joined(separator: ", ")
  }
}
