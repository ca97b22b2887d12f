import Daybook
import Documents
import TestSupport
import Testing

@testable import DaybookRuntime

/// The rules of codes and counting as values.
struct RedemptionTests {
  // MARK: The text of codes

  @Test func aCodeIsReadAsItWasWrittenHoweverPeopleTypeIt() throws {
    for _ in 0..<100 {
      let code = try RedeemCode.random()
      #expect(RedeemCode(parsing: code.text) == code)
      #expect(RedeemCode(parsing: code.text.lowercased().replacing("-", with: " ")) == code)
      #expect(RedeemCode(parsing: code.text.replacing("0", with: "o").replacing("1", with: "l")) == code)
      #expect(try code.id().utf8.count == 64)
    }
  }

  @Test func codesDifferAndSoDoTheirIDs() throws {
    let codes = try (0..<200).map { _ in try RedeemCode.random() }
    #expect(Set(codes.map(\.text)).count == 200)
    #expect(Set(try codes.map { try $0.id() }).count == 200)
    let characters = codes.flatMap { $0.text.replacing("-", with: "") }
    #expect(Set(characters).count == 32, "each character occurs")
  }

  @Test(arguments: ["", "-", "00000-00000-00000-00000-0000", "U0000-00000-00000-00000-00000", "é", "\0"])
  func whatIsNoCodeIsNotRead(text: String) {
    #expect(RedeemCode(parsing: text) == nil)
  }

  // MARK: Counting

  @Test(arguments: 0..<10) func theTableCountsAsAListOfAllRequestsWould(seed: Int) throws {
    var random = RepeatableRandom(seed: UInt64(seed))
    var table = UsageTable(most: 3)
    var model: [String: UsageTable.Usage] = [:]
    var stored: [String: UsageTable.Usage] = [:]
    var day = 1
    for _ in 0..<2_000 {
      let user = ["a", "b", "c", "d", "e"].randomElement(using: &random) ?? "a"
      switch Int.random(in: 0..<40, using: &random) {
      case 0: day = min(9, day + 1)
      case 1: day = max(1, day - 1)
      case 2...9:
        for (user, usage) in table.unsaved { stored[user] = usage }
        table.noteSaved(table.unsaved)
      default:
        let today = "2026-11-0\(day)"
        let isKnown = table.knows(user)
        let isFull = !isKnown && table.count >= 3 && table.unsaved.count >= 3
        let known = model[user] ?? UsageTable.Usage(day: today, requests: 0)
        let before = known.day < today ? UsageTable.Usage(day: today, requests: 0) : known
        #expect(table.usage(of: user, saved: stored[user], on: today) == before)
        let wasCounted = (try? table.count(user, saved: stored[user], on: today) { _ in nil }) != nil
        #expect(wasCounted == !isFull)
        if wasCounted { model[user] = UsageTable.Usage(day: before.day, requests: before.requests + 1) }
        #expect(table.count <= 3)
      }
    }
    #expect(model.count == 5)
  }

  @Test func anObjectionKeepsARequestFromCounting() throws {
    var table = UsageTable()
    let error = #expect(throws: StoreError.self) {
      try table.count("a", saved: nil, on: "2026-11-21") { usage in
        StoreError(.exhausted, "No more than \(usage.requests).")
      }
    }
    #expect(error?.message == "No more than 0.")
    #expect(table.count == 0)
  }
}
