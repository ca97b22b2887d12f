import Daybook
import Documents
import TestSupport
import Testing

/// Random operations on a store and on a dictionary: they agree after each, after each reopening, and so do `check` and Git.
@Suite struct ModelTests {
  @Test(arguments: [1, 2, 3] as [UInt64])
  func aStoreBehavesLikeADictionary(seed: UInt64) async throws {
    var random = RepeatableRandom(seed: seed)
    let temporary = try TemporaryStore(kinds: SampleKinds.all)
    var model: [String: [String: Int]] = [:]
    var store = try temporary.open()
    for step in 0..<240 {
      let address =
        ["notes", "pins", "counters"].randomElement(using: &random)! + "/d\(Int.random(in: 0..<12, using: &random))"
      let number = Int.random(in: 0..<1_000, using: &random)
      switch Int.random(in: 0..<10, using: &random) {
      case 0..<5:
        try await store.transaction { try $0.put(address, ["n": .number(JSONNumber(number))]) }
        model[address] = ["n": number]
      case 5..<7:
        let member = "m\(number % 4)"
        let outcome = try? await store.transaction {
          try $0.patch(address, merging: .object([member: .number(JSONNumber(number))]))
        }
        #expect((outcome != nil) == (model[address] != nil), "seed \(seed) step \(step)")
        model[address]?[member] = number
      case 7..<9:
        let outcome = try? await store.transaction { try $0.delete(address) }
        #expect((outcome != nil) == (model[address] != nil), "seed \(seed) step \(step)")
        model[address] = nil
      default:
        try await store.close()
        store = try temporary.open()
      }
      let found = try store.snapshot().document(address)
      #expect(numbers(found) == model[address], "seed \(seed) step \(step) \(address)")
    }
    for collection in ["notes", "pins", "counters"] {
      let page = try store.snapshot().query(Query(collection).limited(to: 100))
      let ids = model.keys.filter { $0.hasPrefix(collection + "/") }.sorted()
      #expect(page.documents.map { "\($0.address)" } == ids, "seed \(seed)")
    }
    let findings = try await store.check().findings
    #expect(findings == [], "seed \(seed): \(findings)")
    try await store.close()
    try temporary.checkGit()
    #expect(try temporary.git("status", "--porcelain") == "")
  }

  private func numbers(_ document: Document?) -> [String: Int]? {
    guard let document else { return nil }
    var numbers: [String: Int] = [:]
    for member in document.root.members { numbers[member.key] = member.value.integer }
    return numbers
  }
}
