package import Daybook
package import Documents

/// A write of a negotiation as a value, which can be kept and made later.
package struct NegotiationWrite: Sendable {
  enum Action: String {
    case create, formulate, assist, begin, offers, exit, update, complete, fail
  }

  let action: Action
  /// Which negotiation; empty for a new one.
  let id: String
  /// What it takes, by the names of the members that it sets.
  let content: JSONObject

  private init(_ action: Action, _ id: String, _ content: JSONObject = [:]) {
    self.action = action
    self.id = id
    self.content = content
  }

  // MARK: Which there are

  package static func create(_ demand: Demand) -> NegotiationWrite { NegotiationWrite(.create, "", demand.members) }

  package static func formulate(_ id: String, as text: String) -> NegotiationWrite {
    NegotiationWrite(.formulate, id, ["text": .string(text)])
  }

  package static func setAssistOutput(_ id: String, to text: String) -> NegotiationWrite {
    NegotiationWrite(.assist, id, ["text": .string(text)])
  }

  package static func begin(_ id: String) -> NegotiationWrite { NegotiationWrite(.begin, id) }

  package static func addOffers(_ offers: [JSONValue], to id: String) -> NegotiationWrite {
    NegotiationWrite(.offers, id, ["offers": .array(offers)])
  }

  package static func exit(agent: String, from id: String) -> NegotiationWrite {
    NegotiationWrite(.exit, id, ["agent_id": .string(agent)])
  }

  package static func update(_ id: String, _ outcome: NegotiationOutcome) -> NegotiationWrite {
    NegotiationWrite(.update, id, outcome.members)
  }

  package static func complete(_ id: String, _ outcome: NegotiationOutcome) -> NegotiationWrite {
    NegotiationWrite(.complete, id, outcome.members)
  }

  package static func fail(_ id: String, error: String) -> NegotiationWrite {
    NegotiationWrite(.fail, id, ["error": .string(error)])
  }

  // MARK: As JSON

  /// Nil for another form.
  init?(_ value: JSONValue) {
    guard let action = value["action"]?.string.flatMap(Action.init), let id = value["id"]?.string,
      let content = value["content"]?.object
    else { return nil }
    self.init(action, id, content)
  }

  var json: JSONValue {
    ["action": .string(action.rawValue), "id": .string(id), "content": .object(content)]
  }

  // MARK: Making it

  /// - Throws: what the same method of `Negotiations` throws.
  package func make(in negotiations: Negotiations, for caller: Caller) async throws -> Document {
    func text(_ member: String) -> String { content[member]?.string ?? "" }
    switch action {
    case .create: return try await negotiations.create(content, for: caller)
    case .formulate: return try await negotiations.formulate(id, as: text("text"), for: caller)
    case .assist: return try await negotiations.setAssistOutput(id, to: text("text"), for: caller)
    case .begin: return try await negotiations.begin(id, for: caller)
    case .offers: return try await negotiations.addOffers(content["offers"]?.array ?? [], to: id, for: caller)
    case .exit: return try await negotiations.exit(agent: text("agent_id"), from: id, for: caller)
    case .update: return try await negotiations.update(id, NegotiationOutcome(content), for: caller)
    case .complete: return try await negotiations.complete(id, NegotiationOutcome(content), for: caller)
    case .fail: return try await negotiations.fail(id, error: text("error"), for: caller)
    }
  }
}
