package import Daybook
package import Documents

/// What a user wants, with which a negotiation begins.
package struct Demand: Sendable {
  package enum Mode: String, Sendable, CaseIterable {
    /// The user wrote it.
    case manual
    /// An assistant wrote it, to surprise the user.
    case surprise
    /// An assistant polished it.
    case polish
  }

  package var text: String
  package var mode: Mode
  package var assistOutput: String?
  package var formulatedText: String?
  package var scene: String?
  package var scope: String?
  package var metadata: JSONObject?

  package init(
    _ text: String, mode: Mode = .manual, assistOutput: String? = nil, formulatedText: String? = nil,
    scene: String? = nil, scope: String? = nil, metadata: JSONObject? = nil
  ) {
    self.text = text
    self.mode = mode
    self.assistOutput = assistOutput
    self.formulatedText = formulatedText
    self.scene = scene
    self.scope = scope
    self.metadata = metadata
  }

  var members: JSONObject {
    var members: JSONObject = ["demand_text": .string(text), "demand_mode": .string(mode.rawValue)]
    members["assist_output"] = assistOutput.map { .string($0) }
    members["formulated_text"] = formulatedText.map { .string($0) }
    members["scene_id"] = scene.map { .string($0) }
    members["scope"] = scope.map { .string($0) }
    members["metadata"] = metadata.map { .object($0) }
    return members
  }
}

/// What a negotiation has come to so far. What is left out stays as it is.
package struct NegotiationOutcome: Sendable {
  package var planText: String?
  package var planJSON: JSONValue?
  package var rounds: Int?
  package var chainReference: String?

  package init(
    planText: String? = nil, planJSON: JSONValue? = nil, rounds: Int? = nil, chainReference: String? = nil
  ) {
    self.planText = planText
    self.planJSON = planJSON
    self.rounds = rounds
    self.chainReference = chainReference
  }

  init(_ members: JSONObject) {
    self.init(
      planText: members["plan_text"]?.string, planJSON: members["plan_json"], rounds: members["rounds"]?.integer,
      chainReference: members["chain_ref"]?.string)
  }

  var members: JSONObject {
    var members: JSONObject = [:]
    members["plan_text"] = planText.map { .string($0) }
    members["plan_json"] = planJSON
    members["rounds"] = rounds.map { .number(JSONNumber($0)) }
    members["chain_ref"] = chainReference.map { .string($0) }
    return members
  }
}

/// All of a negotiation as it was at one moment.
package struct NegotiationState: Sendable {
  package let document: Document
  /// All that was offered, in its order.
  package let offers: SeriesTail
  /// The sequence of the store when it was read.
  package let sequence: UInt64

  /// The last word of each agent, in the order in which they first spoke.
  package var currentOffers: [JSONValue] { Self.current(offers.items) }

  static func current(_ offers: [JSONValue]) -> [JSONValue] {
    var agents: [String] = []
    var last: [String: JSONValue] = [:]
    for offer in offers {
      guard let agent = offer.object?["agent_id"]?.string else { continue }
      if last.updateValue(offer, forKey: agent) == nil { agents.append(agent) }
    }
    return agents.compactMap { last[$0] }
  }
}
