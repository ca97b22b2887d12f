import Daybook
import Documents
import TestSupport
import Testing

@testable import DaybookRuntime

struct NegotiationsTests {
  private let temporary: TemporaryStore
  private let store: Store
  private let time = TestTime("2026-11-21T06:40:00Z")
  private let negotiations: Negotiations
  private let ann = Caller(user: "ann", author: Author(name: "Ann", email: "ann@example.org"))
  private let bob = Caller(user: "bob", author: Author(name: "Bob", email: "bob@example.org"))

  init() throws {
    temporary = try TemporaryStore()
    store = try temporary.open()
    negotiations = Negotiations(store, now: time.now)
  }

  private func begun(_ demand: Demand = Demand("Somebody for the hardware")) async throws -> String {
    let id = try await negotiations.create(demand, for: ann).address.id.text
    try await negotiations.begin(id, for: ann)
    return id
  }

  private func offer(_ agent: String, _ text: String = "Two weekends") -> JSONValue {
    ["agent_id": .string(agent), "agent_name": "An agent", "resonance_score": 0.8, "text": .string(text)]
  }

  @Test func aNegotiationGoesFromItsDemandToItsPlanAndIsThereAfterARestart() async throws {
    let demand = Demand(
      "hardware", mode: .surprise, assistOutput: "Wanted …", scene: "spring", scope: "all", metadata: ["a": 1])
    let id = try await begun(demand)
    try await negotiations.formulate(id, as: "Wanted: somebody for the hardware", for: ann)
    try await negotiations.addOffers([offer("x"), offer("y")], to: id, for: ann)
    try await negotiations.update(id, NegotiationOutcome(rounds: 1), for: ann)
    time.advance(seconds: 5)
    let outcome = NegotiationOutcome(planText: "Meet.", planJSON: ["who": ["x"]], chainReference: "0xabc")
    try await negotiations.complete(id, outcome, for: ann)
    try await store.close()

    let reopened = try temporary.open()
    let state = try Negotiations(reopened).state(id, for: ann)
    let root = state.document.root
    #expect(root["demand_mode"]?.string == "surprise" && root["status"]?.string == "completed")
    #expect(root["plan_json"]?.value == ["who": ["x"]] && root["plan_text"]?.string == "Meet.")
    #expect(root["rounds"]?.integer == 1 && root["chain_ref"]?.string == "0xabc")
    #expect(root["finished_at"]?.string == "2026-11-21T06:40:05.000Z")
    #expect(state.offers.items.map { $0.object?["state"] } == ["offered", "offered"])
    try await reopened.close()
  }

  @Test func theStatusesFollowEachOtherAsTheMachineSays() async throws {
    var random = RepeatableRandom(seed: 7)
    for run in 0..<12 {
      let id = try await negotiations.create(Demand("d"), for: ann).address.id.text
      var status = NegotiationStatus.pending
      for step in 0..<12 {
        let next = [NegotiationStatus.negotiating, .completed, .failed].randomElement(using: &random) ?? .failed
        let isAllowed: Bool =
          switch (status, next) {
          case (.pending, .negotiating), (.pending, .failed), (.negotiating, .completed), (.negotiating, .failed): true
          default: false
          }
        var wasAllowed = true
        do {
          switch next {
          case .negotiating: try await negotiations.begin(id, for: ann)
          case .completed: try await negotiations.complete(id, for: ann)
          default: try await negotiations.fail(id, error: "e", for: ann)
          }
        } catch let error as StoreError where error.code == .conflict {
          wasAllowed = false
        }
        #expect(wasAllowed == isAllowed, "run \(run), step \(step): \(status) to \(next)")
        if isAllowed { status = next }
        #expect(try negotiations.state(id, for: ann).document.root["status"]?.string == status.rawValue)
      }
    }
    try await store.close()
  }

  @Test func offersAndOutcomesComeWhileItIsNegotiatedAndTheAssistantsTextWhenever() async throws {
    let id = try await negotiations.create(Demand("d"), for: ann).address.id.text
    func expectRefused() async {
      await expectRefusal(.conflict, of: store) { try await negotiations.addOffers([offer("x")], to: id, for: ann) }
      await expectRefusal(.conflict, of: store) { try await negotiations.exit(agent: "x", from: id, for: ann) }
      await expectRefusal(.conflict, of: store) {
        try await negotiations.update(id, NegotiationOutcome(rounds: 1), for: ann)
      }
    }
    await expectRefused()
    try await negotiations.begin(id, for: ann)
    try await negotiations.fail(id, error: "nobody came", for: ann)
    await expectRefused()
    await expectRefusal(.conflict, of: store) { try await negotiations.formulate(id, as: "t", for: ann) }
    let late = try await negotiations.setAssistOutput(id, to: "late", for: ann)
    #expect(late.root["assist_output"]?.string == "late")
    try await store.close()
  }

  @Test func anAgentThatLeavesHasTheLastWordOfItsOffers() async throws {
    let id = try await begun()
    try await negotiations.addOffers([offer("x", "one"), offer("y"), offer("x", "two")], to: id, for: ann)
    await expectRefusal(.notFound, of: store) { try await negotiations.exit(agent: "z", from: id, for: ann) }
    time.advance(seconds: 1)
    try await negotiations.exit(agent: "x", from: id, for: ann)
    await expectRefusal(.conflict, of: store) { try await negotiations.exit(agent: "x", from: id, for: ann) }
    let state = try negotiations.state(id, for: ann)
    #expect(state.offers.items.count == 4)
    #expect(state.document.root["offer_count"]?.integer == 4)
    let current = state.currentOffers.compactMap(\.object)
    #expect(current.map { $0["agent_id"] } == ["x", "y"])
    #expect(current[0]["state"] == "exited" && current[0]["text"] == "two")
    #expect(current[0]["timestamp"] == "2026-11-21T06:40:01.000Z")
    #expect(Set(state.offers.items.compactMap { $0.object?["id"]?.string }).count == 4)
    #expect(try negotiations.offers(of: id, from: 1, limit: 2, for: ann) == Array(state.offers.items[1...2]))
    try await store.close()
  }

  @Test func ofManyWhoBeginAtOnceOneDoesAndNoOfferIsLost() async throws {
    let id = try await negotiations.create(Demand("d"), for: ann).address.id.text
    let winners = await withTaskGroup(of: Int.self) { group in
      for _ in 0..<8 { group.addTask { (try? await negotiations.begin(id, for: ann)) == nil ? 0 : 1 } }
      return await group.reduce(0, +)
    }
    #expect(winners == 1)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for agent in 0..<24 {
        group.addTask { try await negotiations.addOffers([offer("\(agent)")], to: id, for: ann) }
      }
      try await group.waitForAll()
    }
    let state = try negotiations.state(id, for: ann)
    #expect(state.currentOffers.count == 24)
    #expect(state.document.root["offer_count"]?.integer == 24)
    try await store.close()
  }

  @Test func whatBreaksARuleOfTheKindChangesNothing() async throws {
    let id = try await begun()
    await expectRefusal(.invalid, of: store) { _ = try await negotiations.create(Demand(""), for: ann) }
    await expectRefusal(.invalid, of: store) {
      try await negotiations.addOffers([offer("x"), ["agent_id": "y", "state": "gone"]], to: id, for: ann)
    }
    await expectRefusal(.invalid, of: store) {
      try await negotiations.update(id, NegotiationOutcome(planText: "p", rounds: -1), for: ann)
    }
    try await store.close()
  }

  // MARK: History

  @Test func theHistoryOfASceneIsTheUsersOwnNewestFirst() async throws {
    var ids: [String] = []
    for number in 0..<6 {
      time.advance(seconds: 1)
      let demand = Demand("d\(number)", scene: number.isMultiple(of: 2) ? "spring" : "autumn")
      ids.append(try await negotiations.create(demand, for: ann).address.id.text)
      _ = try await negotiations.create(Demand("bob's", scene: "spring"), for: bob)
    }
    func history(_ scene: String?, limit: Int = 2) throws -> [String] {
      var found: [String] = []
      var cursor: String?
      repeat {
        let page = try negotiations.history(scene: scene, limit: limit, after: cursor, for: ann)
        found += page.documents.map(\.address.id.text)
        cursor = page.next
      } while cursor != nil
      return found
    }
    #expect(try history("spring") == [ids[4], ids[2], ids[0]])
    #expect(try history(nil) == ids.reversed())
    #expect(try history("winter") == [])
    try await negotiations.begin(ids[2], for: ann)
    let begun = try negotiations.history(scene: "spring", status: .negotiating, for: ann)
    #expect(begun.documents.map(\.address.id.text) == [ids[2]])
    try await store.close()
  }

  @Test func somebodyElsesNegotiationIsNotFoundByAnyMethod() async throws {
    let id = try await begun()
    let calls: [() async throws -> Void] = [
      { _ = try negotiations.state(id, for: bob) }, { _ = try negotiations.offers(of: id, for: bob) },
      { try await negotiations.formulate(id, as: "t", for: bob) },
      { try await negotiations.setAssistOutput(id, to: "t", for: bob) },
      { try await negotiations.begin(id, for: bob) },
      { try await negotiations.addOffers([offer("x")], to: id, for: bob) },
      { try await negotiations.exit(agent: "x", from: id, for: bob) },
      { try await negotiations.update(id, NegotiationOutcome(rounds: 2), for: bob) },
      { try await negotiations.complete(id, for: bob) }, { try await negotiations.fail(id, error: "e", for: bob) },
      { try await negotiations.delete(id, for: bob) },
    ]
    for call in calls { await expectRefusal(.notFound, of: store) { try await call() } }
    #expect(try negotiations.history(for: bob).documents.isEmpty)
    try await store.close()
  }
}
