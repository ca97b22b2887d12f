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

  package let form: Form
  private let rules: Rules

  private enum Rules: Sendable {
    case responses([Set<String>])
    case decisions([Set<String>])
    case value(Schema?)
  }

  /// - Throws: `.invalid` for a request that no answer could fit, and for a schema that is none.
  package init(_ request: JSONValue, responseSchema: JSONValue? = nil) throws(StoreError) {
    if let allowed = Self.responses(request) {
      (form, rules) = (.responses, .responses(allowed))
      try Self.check(allowed)
    } else if let allowed = try Self.decisions(request) {
      (form, rules) = (.decisions, .decisions(allowed))
      try Self.check(allowed)
    } else {
      (form, rules) = (.value, .value(try Self.schema(responseSchema)))
    }
  }

  private static func check(_ allowed: [Set<String>]) throws(StoreError) {
    guard allowed.contains(where: \.isEmpty) else { return }
    throw StoreError(.invalid, "The request allows no answer.")
  }

  // MARK: Recognizing

  private static func responses(_ request: JSONValue) -> [Set<String>]? {
    let requests = request.array ?? [request]
    var allowed: [Set<String>] = []
    for request in requests {
      guard request["action_request"]?["action"]?.string != nil, let config = request["config"]?.object else {
        return nil
      }
      let flags = [
        "accept": "allow_accept", "edit": "allow_edit", "response": "allow_respond", "ignore": "allow_ignore",
      ]
      allowed.append(Set(flags.filter { config[$0.value]?.bool == true }.keys))
    }
    return allowed.isEmpty ? nil : allowed
  }

  private static func decisions(_ request: JSONValue) throws(StoreError) -> [Set<String>]? {
    guard let actions = request["action_requests"]?.array, let configs = request["review_configs"]?.array,
      !actions.isEmpty
    else { return nil }
    var allowed: [Set<String>] = []
    for action in actions {
      guard let name = action["name"]?.string else {
        throw StoreError(.invalid, "An action of the request has no name.")
      }
      let config = configs.first { $0["action_name"] == .string(name) }
      allowed.append(Set(config?["allowed_decisions"]?.array?.compactMap(\.string) ?? []))
    }
    return allowed
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
    switch rules {
    case .responses(let allowed): return try Self.responses(answer, allowed)
    case .decisions(let allowed):
      guard let decisions = answer["decisions"]?.array else {
        throw StoreError(.invalid, "The answer has no list 'decisions'.")
      }
      try Self.check(decisions, allowed, form: Self.isDecision)
      return answer
    case .value(let schema):
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
  private static func responses(_ answer: JSONValue, _ allowed: [Set<String>]) throws(StoreError) -> JSONValue {
    let responses = (answer.array ?? [answer]).map { response -> JSONValue in
      guard var object = response.object, object["args"] == nil else { return response }
      object["args"] = .null
      return .object(object)
    }
    try check(responses, responses.count == 1 ? Array(allowed.prefix(1)) : allowed, form: isResponse)
    return .array(responses)
  }

  private static func check(
    _ answers: [JSONValue], _ allowed: [Set<String>], form: (JSONValue, String) -> Bool
  ) throws(StoreError) {
    guard answers.count == allowed.count else {
      throw StoreError(.invalid, "The request takes \(allowed.count) decisions, and the answer has \(answers.count).")
    }
    for (answer, allowed) in zip(answers, allowed) {
      guard let type = answer["type"]?.string else { throw StoreError(.invalid, "A decision has no 'type'.") }
      guard allowed.contains(type) else {
        throw StoreError(
          .refused, "The decision '\(type)' is not allowed here.",
          hint: "Allowed are: \(allowed.sorted().joined(separator: ", ")).")
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
