import Daybook
import Documents
import Foundation
import TestSupport
import Testing

/// Schemas that change while a store is open.
@Suite(.timeLimit(.minutes(20))) struct LiveSchemaTests {
  private let temporary: TemporaryStore

  init() throws {
    temporary = try TemporaryStore(kinds: SampleKinds.all)
  }

  private func number(_ store: Store, _ address: String) throws -> Int? {
    try store.snapshot().document(address)?.root["n"]?.integer
  }

  private func knows(_ store: Store, _ collection: String) -> Bool {
    store.kinds.all.contains { $0.collection.text == collection }
  }

  @Test func aNewKindIsUsedAtOnceAndFindsTheFilesThatLieThere() async throws {
    let store = try temporary.openWatching()
    try temporary.write("{\"n\": 5}\n", to: "cards/found.json")
    try temporary.write(SampleKinds.kind("cards", indexes: #"{"n": ["/n"]}"#), to: "schemas/card.schema.json")
    try await eventually { knows(store, "cards") }
    try await store.transaction { try $0.put("cards/new", ["n": 6]) }
    try await eventually { try number(store, "cards/found") == 5 }
    try temporary.write("{\"n\": 7}\n", to: "cards/later.json")
    try await eventually { try number(store, "cards/later") == 7 }
    let found = try store.snapshot().query(Query("cards").where("/n", .atLeast(6))).documents.map(\.address.id.text)
    #expect(found.sorted() == ["later", "new"])
    try await temporary.closeSoundly(store)
  }

  @Test func aBrokenSchemaIsToldAndTheLastGoodOneGoesOnServing() async throws {
    let store = try temporary.openWatching()
    try await store.transaction { try $0.put("notes/a", ["n": 1]) }
    let good = try temporary.read("schemas/note.schema.json")
    try temporary.write("{\n  \"oops\n}\n", to: "schemas/note.schema.json")
    try await eventually { try store.status().schemaProblems.count == 1 }
    #expect(store.schemaProblems.first?.message.contains("schemas/note.schema.json") == true)
    #expect(store.schemaProblems.first?.message.contains("2") == true, "the line")
    #expect(try store.status().fileProblems.isEmpty)
    try await store.transaction { try $0.put("notes/b", ["n": 2]) }
    await #expect(throws: StoreError.self) { try await store.transaction { try $0.put("notes/c", ["n": "x"]) } }
    try temporary.write(
      good.replacing(#""n": { "type": "integer" }"#, with: #""n": { "maximum": 9 }"#), to: "schemas/note.schema.json")
    try await eventually { store.schemaProblems.isEmpty }
    try await store.transaction { try $0.put("notes/c", ["n": 9]) }
    await #expect(throws: StoreError.self) { try await store.transaction { try $0.put("notes/d", ["n": 10]) } }
    try await temporary.closeSoundly(store)
  }

  @Test func documentsThatDoNotFitAnyMoreAreToldAndNotLost() async throws {
    var store = try temporary.openWatching()
    try await store.transaction { transaction in
      for number in 0..<30 { try transaction.put("notes/n\(number)", ["n": .number(JSONNumber(number))]) }
    }
    let good = try temporary.read("schemas/note.schema.json")
    try temporary.write(
      good.replacing(#""n": { "type": "integer" }"#, with: #""n": { "maximum": 19 }"#), to: "schemas/note.schema.json")
    try await eventually { try store.status().misfitCount == 10 }
    #expect(try store.status().misfits.first?.message.contains("/n n must be at most 19") == true)
    #expect(try number(store, "notes/n25") == 25)
    try await store.transaction { try $0.patch("notes/n25", merging: ["n": 3]) }
    #expect(try store.status().misfitCount == 9)
    // It is known without looking at all documents again.
    try await store.close()
    store = try temporary.openWatching()
    #expect(try store.status().misfitCount == 9)
    try temporary.write(good, to: "schemas/note.schema.json")
    try await eventually { try store.status().misfitCount == 0 }
    try await temporary.closeSoundly(store)
  }

  @Test func twoKindsThatClaimOneCollectionAreToldAndTheOthersAreTakenIn() async throws {
    let store = try temporary.openWatching()
    try await store.settle()
    for name in ["one", "two"] { try temporary.write(SampleKinds.kind("cards"), to: "schemas/\(name).schema.json") }
    try await eventually { knows(store, "cards") && store.schemaProblems.count == 1 }
    #expect(store.schemaProblems.first?.message.contains("both claim the collection 'cards'") == true)
    try await store.transaction { try $0.put("cards/a", ["n": 1]) }
    try temporary.write(SampleKinds.kind("others"), to: "schemas/two.schema.json")
    try await eventually { knows(store, "others") }
    try await temporary.closeSoundly(store)
  }

  @Test func aSchemaThatIsDeletedByHandStaysInForce() async throws {
    let store = try temporary.openWatching()
    try await store.transaction { try $0.put("notes/a", ["n": 1]) }
    try temporary.remove("schemas/note.schema.json")
    try await eventually { store.schemaProblems.first?.message.contains("was deleted by hand") == true }
    try await store.transaction { try $0.put("notes/a", ["n": 2]) }
    try temporary.git("checkout", "--", "schemas/note.schema.json")
    try await eventually { store.schemaProblems.isEmpty }
    try await temporary.closeSoundly(store)
  }

  @Test func aFileThatGoesBeforeGitsIndexKnowsItIsMissedByNobody() async throws {
    let store = try temporary.open()
    for number in 0..<10 {
      try temporary.write("{\"n\": 1}\n", to: "notes/short\(number).json")
      try await store.takeInHandEdits()
      #expect(try store.snapshot().document("notes/short\(number)") != nil)
      try temporary.remove("notes/short\(number).json")
      try await store.takeInHandEdits()
      #expect(try store.snapshot().document("notes/short\(number)") == nil)
    }
    try await temporary.closeSoundly(store)
  }

  @Test func changesAreToldByTheKindsThatThereAreByThen() async throws {
    let store = try temporary.open()
    var changes = store.changes(after: store.snapshot().sequence).makeAsyncIterator()
    try temporary.write(SampleKinds.kind("cards"), to: "schemas/card.schema.json")
    try await store.takeInHandEdits()
    try await store.transaction { try $0.put("cards/a", ["n": 1]) }
    #expect(try await changes.next(isolation: nil)?.path == "schemas/card.schema.json")
    #expect(try await changes.next(isolation: nil)?.address?.description == "cards/a")
    try await temporary.closeSoundly(store)
  }

  @Test func aSchemaThatACommitBringsIsFollowed() async throws {
    let store = try temporary.openWatching()
    try await store.settle()
    try temporary.write(SampleKinds.kind("cards"), to: "schemas/card.schema.json")
    try temporary.write("{\"n\": 4}\n", to: "cards/a.json")
    try temporary.gitUntilItWorks("add", "schemas", "cards")
    try temporary.gitUntilItWorks("commit", "-q", "-m", "cards")
    try await eventually { try knows(store, "cards") && number(store, "cards/a") == 4 }
    // A kind that goes takes its documents out of sight, not out of the folder.
    try await store.settle()
    try temporary.gitUntilItWorks("rm", "-q", "schemas/card.schema.json")
    try temporary.gitUntilItWorks("commit", "-q", "-m", "no cards")
    try await eventually { !knows(store, "cards") }
    #expect(temporary.exists("cards/a.json"))
    try await temporary.closeSoundly(store)
  }

  /// Random schemas and writes: after each step the index is the one that all commits make, and so after opening again.
  @Test(arguments: 0..<6 as Range<UInt64>) func theIndexFollowsWhateverKindsCome(seed: UInt64) async throws {
    var random = RepeatableRandom(seed: seed)
    let partitions = ["flat", "hash"]
    let indexes = ["{}", #"{"n": ["/n"]}"#, #"{"n": ["/s"], "m": ["/n", "/s"]}"#]
    var store = try temporary.open()
    for round in 0..<14 {
      switch Int.random(in: 0..<6, using: &random) {
      case 0, 1:
        let partition = round < 7 ? "flat" : partitions.randomElement(using: &random) ?? "flat"
        var schema = SampleKinds.kind(
          "notes", partition: partition, indexes: indexes.randomElement(using: &random) ?? "{}")
        if Bool.random(using: &random) { schema = schema.replacing(#""type": "integer""#, with: #""maximum": 3"#) }
        try temporary.write(schema, to: "schemas/note.schema.json")
        try await store.takeInHandEdits()
      case 2:
        let collection = ["cards", "cards/deep", "pins"].randomElement(using: &random) ?? "cards"
        try temporary.write(SampleKinds.kind(collection), to: "schemas/pin.schema.json")
        try await store.takeInHandEdits()
      case 3:
        try await store.close()
        store = try temporary.open()
      default:
        try await store.transaction { transaction in
          for number in 0..<3 {
            try transaction.put(
              "notes/n\(Int.random(in: 0..<9, using: &random))", ["n": .number(JSONNumber(number)), "s": "x"])
          }
          try transaction.put("counters/c", ["n": .number(JSONNumber(round))])
        }
      }
      let findings = try await store.check().findings.filter { $0.kind == .index }
      #expect(findings.isEmpty, "seed \(seed), round \(round): \(findings)")
    }
    try await store.close()
  }
}
