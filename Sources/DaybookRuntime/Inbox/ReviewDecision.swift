package import Daybook
package import Documents

/// What a person decides, in words that are the same for every form of a request. Each form has its own type for it:
///
/// | decision | `responses` | `decisions` | `value` |
/// | --- | --- | --- | --- |
/// | approve | `accept` | `approve` | |
/// | edit | `edit` | `edit` | |
/// | respond | `response` | `respond` | the text itself |
/// | reject | | `reject` | |
/// | ignore | `ignore` | | |
package enum ReviewDecision: Sendable {
  case approve
  /// Approves the action with other arguments.
  case edit(arguments: JSONObject)
  case respond(String)
  /// With a reason, if there is one.
  case reject(String?)
  case ignore

  package enum Name: String, Sendable, CaseIterable {
    case approve, edit, respond, reject, ignore
  }

  var name: Name {
    switch self {
    case .approve: .approve
    case .edit: .edit
    case .respond: .respond
    case .reject: .reject
    case .ignore: .ignore
    }
  }
}

extension ReviewRequest {
  /// The decisions that hold for all that is asked.
  package var allowedDecisions: [ReviewDecision.Name] {
    if form == .value { return [.respond] }
    return ReviewDecision.Name.allCases.filter { name in
      guard let type = type(of: name) else { return false }
      return actions.allSatisfy { $0.allowed.contains(type) } && (actions.count == 1 || !name.isOfOneAction)
    }
  }

  /// The answer that decides the same on every action.
  ///
  /// - Throws: `.refused` for a decision that is not allowed, or that several actions cannot share.
  package func answer(deciding decision: ReviewDecision) throws(StoreError) -> JSONValue {
    let name = decision.name
    if name.isOfOneAction, actions.count > 1 {
      throw StoreError(
        .refused, "\(actions.count) actions wait for a decision, which cannot share '\(name.rawValue)'.",
        hint: "Answer with a list of decisions, one for each.")
    }
    let allowed = allowedDecisions
    guard allowed.contains(name) else {
      throw StoreError(
        .refused, "The decision '\(name.rawValue)' is not allowed here.",
        hint: allowed.isEmpty
          ? "Answer with a list of decisions, one for each action."
          : "Allowed are: \(allowed.map(\.rawValue).joined(separator: ", ")).")
    }
    switch form {
    case .value: return decision.text
    case .responses: return .array(actions.map { response(decision, to: $0) })
    case .decisions: return ["decisions": .array(actions.map { self.decision(decision, on: $0) })]
    }
  }

  private func type(of name: ReviewDecision.Name) -> String? {
    switch (form, name) {
    case (.value, _), (.responses, .reject), (.decisions, .ignore): nil
    case (.responses, .approve): "accept"
    case (.responses, .respond): "response"
    default: name.rawValue
    }
  }

  private func response(_ decision: ReviewDecision, to action: Action) -> JSONValue {
    let arguments: JSONValue =
      if case .edit(let arguments) = decision {
        ["action": .string(action.name), "args": .object(arguments)]
      } else {
        decision.text
      }
    return ["type": .string(type(of: decision.name) ?? ""), "args": arguments]
  }

  private func decision(_ decision: ReviewDecision, on action: Action) -> JSONValue {
    var members: JSONObject = ["type": .string(type(of: decision.name) ?? "")]
    if case .edit(let arguments) = decision {
      members["edited_action"] = ["name": .string(action.name), "args": .object(arguments)]
    }
    if decision.text != .null { members["message"] = decision.text }
    return .object(members)
  }
}

extension ReviewDecision.Name {
  /// Whether it says something that fits one action only.
  fileprivate var isOfOneAction: Bool { self == .edit || self == .respond }
}

extension ReviewDecision {
  /// What a person says with it, or null.
  fileprivate var text: JSONValue {
    switch self {
    case .respond(let text), .reject(.some(let text)): .string(text)
    case .approve, .edit, .reject(nil), .ignore: .null
    }
  }
}
