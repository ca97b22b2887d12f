import Daybook
import Documents
import TestSupport
import Testing

@testable import DaybookRuntime

struct ConflictsTests {
  private let collided: CollidedStore
  private var store: Store { collided.store }
  private var conflicts: Conflicts { collided.conflicts }

  init() throws { collided = try CollidedStore() }

  private static let card: JSONValue = [
    "title": "one", "stars": 3, "tags": ["a", "b"],
    "parts": [["id": "p", "n": 1], ["id": "q", "n": 2]], "extra": ["k": 1],
  ]

  struct Case: Sendable, CustomTestStringConvertible {
    var pointer: String
    var lost: JSONValue?
    var resolution: ConflictResolution
    /// What stands there afterwards; nil for nothing.
    var outcome: JSONValue?

    var testDescription: String { "\(pointer) as \(resolution.name)" }
  }

  private static let cases = [
    Case(pointer: "/title", lost: "two", resolution: .mine, outcome: "one"),
    Case(pointer: "/title", lost: "two", resolution: .theirs, outcome: "two"),
    Case(pointer: "/title", lost: "two", resolution: .both, outcome: "one\ntwo"),
    Case(pointer: "/title", lost: "two", resolution: .value("three"), outcome: "three"),
    Case(pointer: "/stars", lost: nil, resolution: .theirs, outcome: nil),
    Case(pointer: "/stars", lost: nil, resolution: .mine, outcome: 3),
    Case(pointer: "/stars", lost: 3, resolution: .both, outcome: 3),
    Case(pointer: "/tags", lost: ["b", "c"], resolution: .both, outcome: ["a", "b", "c"]),
    Case(
      pointer: "/parts", lost: [["id": "q", "m": 5], ["id": "r"]], resolution: .both,
      outcome: [["id": "p", "n": 1], ["id": "q", "n": 2, "m": 5], ["id": "r"]]),
    Case(pointer: "/parts/1/n", lost: 7, resolution: .theirs, outcome: 7),
    Case(pointer: "/extra", lost: ["l": 2], resolution: .both, outcome: ["k": 1, "l": 2]),
    Case(pointer: "/extra/k", lost: [1], resolution: .theirs, outcome: [1]),
    Case(pointer: "", lost: ["title": "whole"], resolution: .theirs, outcome: ["title": "whole"]),
    Case(pointer: "", lost: nil, resolution: .theirs, outcome: nil),
    Case(pointer: "", lost: ["title": "one", "tags": ["c"]], resolution: .mine, outcome: card),
  ]

  @Test(arguments: cases) func theDocumentBecomesWhatIsDecided(example: Case) async throws {
    try await collided.put(Self.card)
    let pointer = try JSONPointer(parsing: example.pointer)
    let id = try await collided.collide(at: example.pointer, kept: Self.card[pointer], lost: example.lost)
    let before = store.snapshot().sequence
    let resolved = try await conflicts.resolve(id, as: example.resolution, for: .owner)
    #expect(resolved["status"] == "resolved" && resolved["resolution"] == .string(example.resolution.name))
    #expect(resolved["resolved_at"] == .string(collided.time.moment.text))
    #expect(try collided.value()?[pointer] == example.outcome)
    #expect(store.snapshot().sequence == before + 1)

    let again = await #expect(throws: StoreError.self) {
      try await conflicts.resolve(id, as: .theirs, for: .owner)
    }
    #expect(again?.code == .conflict && again?.message.contains(collided.time.moment.text) == true)

    try await collided.undo()
    #expect(try collided.value() == Self.card)
    #expect(try conflicts.conflict(id, for: .owner)["status"] == "open")
    try await store.close()
  }

  @Test func whatCannotBeBothIsRefused() async throws {
    try await collided.put(Self.card)
    for (pointer, lost) in [("/stars", 4), ("/tags", "a"), ("/extra", ["k": 2]), ("/title", nil)]
      as [(String, JSONValue?)]
    {
      let id = try await collided.collide(at: pointer, kept: 0, lost: lost)
      await expectRefusal(.refused, of: store) { try await conflicts.resolve(id, as: .both, for: .owner) }
    }
    try await store.close()
  }

  @Test func whatBreaksARuleOfTheKindChangesNothing() async throws {
    try await collided.put(Self.card)
    let id = try await collided.collide(at: "/stars", kept: 3, lost: 9)
    await expectRefusal(.invalid, of: store) { try await conflicts.resolve(id, as: .theirs, for: .owner) }
    await expectRefusal(.invalid, of: store) { try await conflicts.resolve(id, as: .value("x"), for: .owner) }
    #expect(try conflicts.conflict(id, for: .owner)["status"] == "open")
    try await store.close()
  }

  @Test func anItemIsFollowedByItsId() async throws {
    try await collided.put(Self.card)
    let moved = try await collided.collide(at: "/parts/1/n", kept: 2, lost: 7)
    let gone = try await collided.collide(at: "/parts/0/n", kept: 1, lost: 8)
    try await collided.put([
      "title": "one", "parts": [["id": "x", "n": 1], ["id": "y", "n": 2], ["id": "q", "n": 3]],
    ])
    try await conflicts.resolve(moved, as: .theirs, for: .owner)
    #expect(try collided.value()?["parts"]?.array?.compactMap { $0["n"]?.integer } == [1, 2, 7])
    await expectRefusal(.notFound, of: store) { try await conflicts.resolve(gone, as: .theirs, for: .owner) }
    try await conflicts.resolve(gone, as: .mine, for: .owner)
    try await store.close()
  }

  @Test func aDocumentThatIsGoneIsPutBackAsAWholeOnly() async throws {
    try await collided.put(Self.card)
    let member = try await collided.collide(at: "/title", kept: "one", lost: "two")
    let whole = try await collided.collide(at: "", kept: Self.card, lost: ["title": "two"])
    try await store.transaction { try $0.delete("cards/a") }
    await expectRefusal(.notFound, of: store) { try await conflicts.resolve(member, as: .theirs, for: .owner) }
    try await conflicts.resolve(member, as: .mine, for: .owner)
    #expect(try collided.value() == nil)
    try await conflicts.resolve(whole, as: .theirs, for: .owner)
    #expect(try collided.value() == ["title": "two"])
    try await store.close()
  }

  @Test(arguments: ["schemas/card.schema.json", "cards/a.json", "README.md", "threads/t/events/000001.json"])
  func ofAnotherFileOnlyWhatIsThereCanStay(path: String) async throws {
    let id = try await collided.collide(at: "", of: path, kept: "x", lost: "y")
    for resolution in [ConflictResolution.theirs, .both, .value(1)] {
      await expectRefusal(.refused, of: store) { try await conflicts.resolve(id, as: resolution, for: .owner) }
    }
    #expect(try await conflicts.resolve(id, as: .mine, for: .owner)["resolution"] == "mine")
    try await store.close()
  }

  @Test func aSecretThatIsMaskedIsNotPutBack() async throws {
    try await collided.put(["title": "one", "token": "hunter2"])
    let member = try await collided.collide(at: "/token", kept: "‹sealed›", lost: "‹sealed›")
    let whole = try await collided.collide(
      at: "", kept: Self.card, lost: ["title": "two", "token": "‹sealed›"])
    for (id, resolution) in [(member, .theirs), (member, .value("s3cret")), (whole, .theirs)]
      as [(String, ConflictResolution)]
    {
      let error = await #expect(throws: StoreError.self) {
        try await conflicts.resolve(id, as: resolution, for: .owner)
      }
      #expect(error?.code == .refused && error?.hint?.contains("daybook secret set cards/a /token") == true)
    }
    // What stands in the document wins over the mask.
    let extra = try await collided.collide(
      at: "", kept: Self.card, lost: ["extra": [:], "title": "one", "token": "‹sealed›"])
    try await conflicts.resolve(extra, as: .both, for: .owner)
    #expect(try collided.value()?["extra"] == [:])
    try await store.close()
  }

  @Test func aSecretThatIsSealedIsPutBackAndOpens() async throws {
    try await collided.put(["title": "one", "token": "first"])
    let sealed = try #require(try collided.value()?["token"])
    try await collided.put(["title": "one", "token": "second"])
    let id = try await collided.collide(at: "/token", kept: collided.value()?["token"], lost: sealed)
    await expectRefusal(.refused, of: store) { try await conflicts.resolve(id, as: .both, for: .owner) }
    try await conflicts.resolve(id, as: .theirs, for: .owner)
    let document = try #require(try store.snapshot().document("cards/a"))
    #expect(try store.snapshot().revealed(document).root["token"]?.string == "first")
    try await store.close()
  }

  @Test func aValueThatWasTooLargeForTheConflictIsNotADeletion() async throws {
    try await collided.put(Self.card)
    let id = try await collided.collide(at: "/title", kept: nil, lost: nil)
    await expectRefusal(.refused, of: store) { try await conflicts.resolve(id, as: .theirs, for: .owner) }
    try await conflicts.resolve(id, as: .value("short"), for: .owner)
    #expect(try collided.value()?["title"] == "short")
    try await store.close()
  }

  @Test func conflictsOfOneMemberAreResolvedByThemselves() async throws {
    try await collided.put(Self.card)
    let first = try await collided.collide(at: "/stars", kept: 3, lost: 1)
    let second = try await collided.collide(at: "/stars", kept: 3, lost: 2)
    #expect(try conflicts.list(for: .owner).documents.map(\.id) == [second, first])
    #expect(try store.status().openConflicts == 2)
    try await conflicts.resolve(first, as: .theirs, for: .owner)
    #expect(try conflicts.list(for: .owner).documents.map(\.id) == [second])
    #expect(try conflicts.list(status: nil, limit: 1, for: .owner).next != nil)
    try await conflicts.resolve(second, as: .theirs, for: .owner)
    #expect(try collided.value()?["stars"] == 2)
    #expect(try conflicts.list(status: .resolved, for: .owner).documents.map(\.id) == [second, first])
    #expect(try store.status().openConflicts == 0)
    try await store.close()
  }

  @Test func onlyWhoLooksAfterTheStoreSeesAndResolvesConflicts() async throws {
    try await collided.put(Self.card)
    let id = try await collided.collide(at: "/stars", kept: 3, lost: 1)
    await expectRefusal(.refused, of: store) { _ = try conflicts.list(for: .ann) }
    await expectRefusal(.refused, of: store) { _ = try conflicts.conflict(id, for: .ann) }
    await expectRefusal(.refused, of: store) { try await conflicts.resolve(id, as: .mine, for: .ann) }
    await expectRefusal(.notFound, of: store) { try await conflicts.resolve("none", as: .mine, for: .owner) }
    try await store.close()
  }
}
