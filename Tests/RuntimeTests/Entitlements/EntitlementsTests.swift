import Daybook
import Documents
import Synchronization
import TestSupport
import Testing

@testable import DaybookRuntime

struct EntitlementsTests {
  private let temporary: TemporaryStore
  private let store: Store
  private let time = TestTime("2026-11-21T06:40:00Z")
  private let entitlements: Entitlements
  /// Another one on the same store, which knows nothing of the first one's turns.
  private let other: Entitlements
  private let owner = Caller.owner(Author(name: "Owner", email: "owner@example.org"))
  private let ann = Caller(user: "ann", author: Author(name: "Ann", email: "ann@example.org"))

  init() throws {
    temporary = try TemporaryStore()
    store = try temporary.open()
    entitlements = Self.entitlements(store, time)
    other = Self.entitlements(store, time)
  }

  private static func entitlements(_ store: Store, _ time: TestTime) -> Entitlements {
    Entitlements(store, now: time.now) { () throws(StoreError) in
      var options = EntitlementsOptions()
      options.isOn = true
      return options
    }
  }

  private func makeTiers() async throws {
    try await store.transaction { transaction in
      try transaction.put(
        "tiers/free",
        [
          "name": "Free", "requests_per_day": 3, "kinds": ["task", "session"],
          "settings": ["ui", "search.max_results"],
        ])
      try transaction.put("tiers/basic", ["name": "Basic", "rank": 1, "requests_per_day": 10])
      try transaction.put("tiers/pro", ["name": "Pro", "rank": 2])
    }
  }

  private func member(_ number: Int) -> Caller { Caller(user: "u\(number)", author: ann.author) }

  private func code(_ batch: CodeBatch) async throws -> String {
    try #require(try await entitlements.makeCodes(batch, by: owner).first)
  }

  // MARK: Checking

  @Test func whatTheTierDoesNotGrantIsRefusedAndWhatItDoesIsNot() async throws {
    try await makeTiers()
    for use in [Use.writing(kind: "task"), .setting("ui.theme"), .setting("search.max_results"), .setting("ui")] {
      try entitlements.check(use, for: ann)
    }
    for use in [Use.writing(kind: "research"), .setting("uix.theme"), .setting("search.max"), .setting("search")] {
      await expectRefusal(.refused, of: store) { try entitlements.check(use, for: ann) }
    }
    for use in [Use.writing(kind: "research"), .setting("search")] { try entitlements.check(use, for: owner) }
    try await store.close()
  }

  @Test func requestsAreCountedByUserAndDay() async throws {
    try await makeTiers()
    for _ in 0..<3 { try entitlements.check(.request, for: ann) }
    await expectRefusal(.exhausted, of: store) { try entitlements.check(.request, for: ann) }
    try entitlements.check(.request, for: member(1))
    for _ in 0..<50 { try entitlements.check(.request, for: owner) }
    let agent = Caller(user: "ann", author: ann.author, grant: Grant(.agent, scopes: []))
    await expectRefusal(.exhausted, of: store) { try entitlements.check(.request, for: agent) }
    #expect(try entitlements.status(for: ann).requestsLeft == 0)
    time.advance(seconds: 86_400)
    #expect(try entitlements.status(for: ann).requestsLeft == 3)
    try entitlements.check(.request, for: ann)
    // A clock that goes back brings no requests back.
    time.advance(seconds: -86_400)
    try entitlements.check(.request, for: ann)
    try entitlements.check(.request, for: ann)
    await expectRefusal(.exhausted, of: store) { try entitlements.check(.request, for: ann) }
    try await store.close()
  }

  @Test func ofManyRequestsAtOnceAsManyPassAsAreGranted() async throws {
    try await makeTiers()
    let passed = await withTaskGroup(of: Int.self) { group in
      for _ in 0..<200 { group.addTask { (try? entitlements.check(.request, for: ann)) == nil ? 0 : 1 } }
      return await group.reduce(0, +)
    }
    #expect(passed == 3)
    try await store.close()
  }

  @Test func whatWasCountedIsThereAfterARestart() async throws {
    try await makeTiers()
    for _ in 0..<2 { try entitlements.check(.request, for: ann) }
    for number in 0..<250 { try entitlements.check(.request, for: member(number)) }
    try await entitlements.saveUsage()
    let saved = store.snapshot().sequence
    try await entitlements.saveUsage()
    #expect(store.snapshot().sequence == saved, "nothing was counted since")
    try await store.close()

    let reopened = try temporary.open()
    let again = Self.entitlements(reopened, time)
    #expect(try again.status(for: ann).requestsLeft == 1)
    #expect(try again.status(for: member(249)).requests == 1)
    try again.check(.request, for: ann)
    #expect(throws: StoreError.self) { try again.check(.request, for: ann) }
    try await again.saveUsage()
    #expect(try reopened.snapshot().document("entitlements/ann")?.root["requests"]?.integer == 3)
    try await reopened.close()
  }

  @Test func theKeeperSavesWhenItIsCancelled() async throws {
    try await makeTiers()
    let keeper = Task { try await entitlements.run() }
    try entitlements.check(.request, for: ann)
    keeper.cancel()
    try await keeper.value
    #expect(try store.snapshot().document("entitlements/ann")?.root["requests"]?.integer == 1)
    try await store.close()
  }

  @Test func nothingIsCheckedWhileEntitlementsAreOff() async throws {
    let off = Entitlements(store) { () throws(StoreError) in EntitlementsOptions() }
    for _ in 0..<10 { try off.check(.request, for: ann) }
    try off.check(.writing(kind: "research"), for: ann)
    try await store.close()
  }

  @Test func aTierThatIsNotThereGrantsNothing() async throws {
    await expectRefusal(.refused, of: store) { try entitlements.check(.request, for: ann) }
    try await store.close()
  }

  @Test func settingsSayWhetherEntitlementsAreOn() async throws {
    let template = try TemporaryStore(withTemplate: true)
    let store = try template.open()
    let settings = Settings(store)
    #expect(try !settings.entitlementsOptions().isOn)
    try await store.transaction {
      try $0.patch("settings/system", merging: ["entitlements": ["enabled": true, "default_tier": "basic"]])
    }
    #expect(try settings.entitlementsOptions().isOn)
    #expect(try settings.entitlementsOptions().defaultTier == "basic")
    try await store.close()
  }

  // MARK: Codes

  @Test func aCodeGivesItsTierForItsDaysOnce() async throws {
    try await makeTiers()
    let code = try await code(CodeBatch("autumn", tier: "basic", days: 30))
    let status = try await entitlements.redeem(" \(code.lowercased()) ", for: ann)
    #expect(status.tier.id == "basic" && status.until?.text == "2026-12-21T06:40:00.000Z")
    try entitlements.check(.writing(kind: "research"), for: ann)
    for _ in 0..<10 { try entitlements.check(.request, for: ann) }
    await expectRefusal(.exhausted, of: store) { try entitlements.check(.request, for: ann) }
    await expectRefusal(.conflict, of: store) { try await entitlements.redeem(code, for: ann) }
    await expectRefusal(.conflict, of: store) { try await entitlements.redeem(code, for: member(1)) }
    time.advance(seconds: 30 * 86_400)
    #expect(try entitlements.status(for: ann).tier.id == "free")
    await expectRefusal(.refused, of: store) { try entitlements.check(.writing(kind: "research"), for: ann) }
    try await store.close()
  }

  @Test func theSameTierLastsLongerAndALowerOneHasToWait() async throws {
    try await makeTiers()
    let basics = try await entitlements.makeCodes(CodeBatch("b", tier: "basic", count: 4, days: 10), by: owner)
    try await entitlements.redeem(basics[0], for: ann)
    #expect(try await entitlements.redeem(basics[1], for: ann).until?.text == "2026-12-11T06:40:00.000Z")
    let pro = try await code(CodeBatch("p", tier: "pro", days: 5))
    #expect(try await entitlements.redeem(pro, for: ann).until?.text == "2026-11-26T06:40:00.000Z")
    await expectRefusal(.conflict, of: store) { try await entitlements.redeem(basics[2], for: ann) }
    time.advance(seconds: 5 * 86_400)
    #expect(try await entitlements.redeem(basics[2], for: ann).tier.id == "basic")
    let forEver = try await entitlements.makeCodes(CodeBatch("e", tier: "pro", count: 2), by: owner)
    #expect(try await entitlements.redeem(forEver[0], for: ann).until == nil)
    await expectRefusal(.conflict, of: store) { try await entitlements.redeem(forEver[1], for: ann) }
    try await store.close()
  }

  @Test func aCodeThatIsOverUnknownOrMistypedGivesNothing() async throws {
    try await makeTiers()
    let late = try await code(CodeBatch("late", tier: "pro", expiresAt: time.moment))
    await expectRefusal(.refused, of: store) { try await entitlements.redeem(late, for: ann) }
    for text in ["", "AAAAA", try RedeemCode.random().text, late + "0", String(repeating: "0", count: 10_000), "../x"] {
      await expectRefusal(.notFound, of: store) { try await entitlements.redeem(text, for: ann) }
    }
    let agent = Caller(user: "ann", author: ann.author, grant: Grant(.agent, scopes: [Grant.Scope("*", .write)]))
    await expectRefusal(.refused, of: store) { try await entitlements.redeem(late, for: agent) }
    try await store.close()
  }

  @Test func onlyOwnersMakeAndSeeCodes() async throws {
    try await makeTiers()
    await expectRefusal(.refused, of: store) {
      _ = try await entitlements.makeCodes(CodeBatch("b", tier: "pro"), by: ann)
    }
    await expectRefusal(.refused, of: store) { _ = try entitlements.codes(for: ann) }
    await expectRefusal(.notFound, of: store) {
      _ = try await entitlements.makeCodes(CodeBatch("b", tier: "gold"), by: owner)
    }
    await expectRefusal(.limit, of: store) {
      _ = try await entitlements.makeCodes(CodeBatch("b", tier: "pro", count: 1_001), by: owner)
    }
    await expectRefusal(.invalid, of: store) {
      _ = try await entitlements.makeCodes(CodeBatch("b", tier: "pro", uses: 0), by: owner)
    }
    let codes = try await entitlements.makeCodes(CodeBatch("b", tier: "pro", count: 20), by: owner)
    _ = try await entitlements.makeCodes(CodeBatch("c", tier: "pro", count: 3), by: owner)
    #expect(Set(codes).count == 20)
    #expect(try entitlements.codes(batch: "b", for: owner).documents.count == 20)
    #expect(try entitlements.codes(for: owner).documents.count == 23)
    try await store.close()
    let history = try temporary.git("log", "-p", "--all")
    for code in codes {
      #expect(!history.contains(code) && !history.contains(code.replacing("-", with: "")))
    }
  }

  @Test func ofManyWhoRedeemASingleCodeAtOnceOneHasIt() async throws {
    try await makeTiers()
    for _ in 0..<3 {
      let code = try await code(CodeBatch("s", tier: "pro", days: 1))
      let given = await redeemAtOnce(code, (0..<48).map(member))
      #expect(given.count == 1)
      let holders = try (0..<48).map(member).filter { try entitlements.status(for: $0).tier.id == "pro" }
      #expect(holders.map(\.user) == given)
      time.advance(seconds: 2 * 86_400)
    }
    try await store.close()
  }

  @Test func aUserWhoRedeemsACodeManyTimesAtOnceHasItOnce() async throws {
    try await makeTiers()
    let code = try await code(CodeBatch("c", tier: "basic", days: 10, uses: 100))
    let given = await withTaskGroup(of: Int.self) { group in
      for number in 0..<40 {
        group.addTask {
          (try? await [entitlements, other][number % 2].redeem(code, for: ann)) == nil ? 0 : 1
        }
      }
      return await group.reduce(0, +)
    }
    #expect(given == 1)
    #expect(try entitlements.status(for: ann).until?.text == "2026-12-01T06:40:00.000Z")
    #expect(try store.snapshot().seriesCount("grants", of: "entitlements/ann") == 1)
    #expect(try entitlements.codes(for: owner).documents[0].root["used"]?.integer == 1)
    try await store.close()
  }

  @Test func aCountedCodeIsGoodForAsManyUsersAsItSaysAndIsSoundAfterwards() async throws {
    try await makeTiers()
    let code = try await code(CodeBatch("c", tier: "pro", days: 10, uses: 10))
    let given = await redeemAtOnce(code, (0..<40).map(member))
    #expect(given.count == 10 && Set(given).count == 10)
    #expect(try entitlements.codes(for: owner).documents[0].root["used"]?.integer == 10)
    #expect(try await store.check().findings.isEmpty)
    try await store.close()
  }

  /// The users to whom it was given.
  private func redeemAtOnce(_ code: String, _ callers: [Caller]) async -> [String] {
    await withTaskGroup(of: String?.self) { group in
      for (number, caller) in callers.enumerated() {
        group.addTask {
          (try? await [entitlements, other][number % 2].redeem(code, for: caller)) == nil ? nil : caller.user
        }
      }
      return await group.reduce(into: [String]()) { given, user in
        if let user { given.append(user) }
      }
    }
  }
}
