package import Daybook
package import Documents

/// Negotiations: a demand, the offers that agents make for it, and the plan that comes of them.
///
/// ```swift
/// let negotiations = Negotiations(store)
/// let negotiation = try await negotiations.create(Demand("Somebody for the hardware", scene: "spring"), for: caller)
/// try await negotiations.begin(id, for: caller)
/// try await negotiations.addOffers([offer], to: id, for: caller)
/// try await negotiations.complete(id, NegotiationOutcome(planText: plan, rounds: 2), for: caller)
/// ```
///
/// Which status follows which is said in `NegotiationStatus`. Where a revision is given, `.conflict` is thrown when the
/// negotiation has changed since.
package struct Negotiations: Sendable {
  let documents: OwnDocuments

  /// - Parameter now: the time of day; the store's own when left out.
  package init(_ store: Store, now: (@Sendable () -> Timestamp)? = nil) {
    documents = OwnDocuments("negotiations", in: store, now: now)
  }

  // MARK: Writing

  /// Makes a demand, for which nobody has been asked yet.
  package func create(_ demand: Demand, for caller: Caller) async throws -> Document {
    try await create(demand.members, for: caller)
  }

  func create(_ demand: JSONObject, for caller: Caller) async throws -> Document {
    var members = demand
    members["status"] = .string(NegotiationStatus.pending.rawValue)
    return try await documents.create(members, for: caller)
  }

  /// Says the demand as the agents are told it.
  @discardableResult
  package func formulate(
    _ id: String, as text: String, if revision: Revision? = nil, for caller: Caller
  ) async throws -> Document {
    try await documents.change(id, if: revision, for: caller) { negotiation, _, _ throws(StoreError) in
      try negotiation.status.check(
        isOneOf: [.pending, .negotiating], for: "other wording", "\(negotiation.address)")
      return ["formulated_text": .string(text)]
    }
  }

  /// Keeps what an assistant wrote for the demand.
  @discardableResult
  package func setAssistOutput(_ id: String, to text: String, for caller: Caller) async throws -> Document {
    try await documents.change(id, if: nil, for: caller) { _, _, _ in ["assist_output": .string(text)] }
  }

  /// Begins to ask agents. Of several who begin at once, one does.
  @discardableResult
  package func begin(_ id: String, if revision: Revision? = nil, for caller: Caller) async throws -> Document {
    try await move(id, to: .negotiating, if: revision, for: caller, setting: [:])
  }

  /// Adds what agents offer, all of it or nothing. Offers without an id, a time or a state get them.
  @discardableResult
  package func addOffers(_ offers: [JSONValue], to id: String, for caller: Caller) async throws -> Document {
    let moment = documents.now()
    return try await documents.change(id, if: nil, for: caller) {
      negotiation, snapshot, transaction throws(StoreError) in
      try negotiation.status.check(isOneOf: [.negotiating], for: "offers", "\(negotiation.address)")
      let count = try transaction.append(
        offers.map(\.withState), to: Self.offers, of: negotiation, at: moment, in: snapshot)
      return ["offer_count": count]
    }
  }

  /// Says that an agent has left; its offer no longer stands.
  ///
  /// - Throws: `.notFound` for an agent without an offer among the newest `Limits.stateItems`, `.conflict` for one that has
  ///   left before.
  @discardableResult
  package func exit(agent: String, from id: String, for caller: Caller) async throws -> Document {
    let moment = documents.now()
    return try await documents.change(id, if: nil, for: caller) {
      negotiation, snapshot, transaction throws(StoreError) in
      let address = "\(negotiation.address)"
      try negotiation.status.check(isOneOf: [.negotiating], for: "leaving", address)
      let offers = NegotiationState.current(try snapshot.tail(of: Self.offers, of: address).items)
      let leaving = try Self.leaving(agent, offers, address)
      let count = try transaction.append([leaving], to: Self.offers, of: negotiation, at: moment, in: snapshot)
      return ["offer_count": count]
    }
  }

  /// Notes what it has come to so far.
  @discardableResult
  package func update(
    _ id: String, _ outcome: NegotiationOutcome, if revision: Revision? = nil, for caller: Caller
  ) async throws -> Document {
    try await documents.change(id, if: revision, for: caller) { negotiation, _, _ throws(StoreError) in
      try negotiation.status.check(isOneOf: [.negotiating], for: "outcome", "\(negotiation.address)")
      return outcome.members
    }
  }

  @discardableResult
  package func complete(
    _ id: String, _ outcome: NegotiationOutcome = NegotiationOutcome(), if revision: Revision? = nil,
    for caller: Caller
  ) async throws -> Document {
    try await move(id, to: .completed, if: revision, for: caller, setting: outcome.members)
  }

  /// - Parameter error: why, a sentence for people.
  @discardableResult
  package func fail(
    _ id: String, error: String, if revision: Revision? = nil, for caller: Caller
  ) async throws -> Document {
    try await move(id, to: .failed, if: revision, for: caller, setting: ["error": .string(error)])
  }

  package func delete(_ id: String, if revision: Revision? = nil, for caller: Caller) async throws {
    try await documents.delete(id, if: revision, for: caller)
  }

  // MARK: Reading

  /// A negotiation with its offers, at one moment.
  package func state(_ id: String, for caller: Caller) throws(StoreError) -> NegotiationState {
    let snapshot = documents.store.snapshot()
    let document = try snapshot.document(id, in: documents.collection, of: caller)
    let offers = try snapshot.tail(of: Self.offers, of: "\(document.address)")
    return NegotiationState(document: document, offers: offers, sequence: snapshot.sequence)
  }

  /// Some of the offers, oldest first, from place `first` on.
  package func offers(
    of id: String, from first: Int = 0, limit: Int = 100, for caller: Caller
  ) throws(StoreError) -> [JSONValue] {
    let snapshot = documents.store.snapshot()
    let document = try snapshot.document(id, in: documents.collection, of: caller)
    return try snapshot.items(of: Self.offers, of: document, from: first, limit: limit)
  }

  /// The caller's negotiations, newest first.
  package func history(
    scene: String? = nil, status: NegotiationStatus? = nil, limit: Int = 50, after cursor: String? = nil,
    for caller: Caller
  ) throws(StoreError) -> Page {
    let query = try documents.newest(where: ["/scene_id": scene, "/status": status?.rawValue], of: caller)
    return try documents.store.snapshot().query(query.limited(to: OwnDocuments.pageLimit(limit)).after(cursor))
  }

  // MARK: Deciding

  static let offers = "offers"

  private func move(
    _ id: String, to status: NegotiationStatus, if revision: Revision?, for caller: Caller,
    setting members: JSONObject
  ) async throws -> Document {
    let finished: JSONValue = status.isFinished ? .string(documents.now().text) : .null
    return try await documents.change(id, if: revision, for: caller) { negotiation, _, _ throws(StoreError) in
      try negotiation.status.check(next: status, "\(negotiation.address)")
      var members = members
      members["status"] = .string(status.rawValue)
      members["finished_at"] = finished
      return members
    }
  }

  /// The last word of an agent that leaves: its offer, which stands no longer.
  private static func leaving(
    _ agent: String, _ offers: [JSONValue], _ address: String
  ) throws(StoreError) -> JSONValue {
    guard var offer = offers.compactMap(\.object).first(where: { $0["agent_id"]?.string == agent }) else {
      throw StoreError(.notFound, "The agent '\(agent)' has made no offer.", document: address)
    }
    guard offer["state"] != "exited" else {
      throw StoreError(.conflict, "The agent '\(agent)' has left before.", document: address)
    }
    offer["id"] = nil
    offer["timestamp"] = nil
    offer["state"] = "exited"
    return .object(offer)
  }
}

extension Document {
  /// One that only a changed schema knows counts as failed.
  fileprivate var status: NegotiationStatus { root["status"]?.string.flatMap(NegotiationStatus.init) ?? .failed }
}

extension JSONValue {
  /// An offer that stands, unless it says something else.
  fileprivate var withState: JSONValue {
    guard case .object(var offer) = self, offer["state"] == nil else { return self }
    offer["state"] = "offered"
    return .object(offer)
  }
}
