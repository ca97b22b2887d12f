import Daybook
import DaybookRuntime
import Documents
import TestSupport
import Testing

struct PanelsTests {
  private let temporary: TemporaryStore
  private let store: Store
  private let time = TestTime()
  private let panels: Panels

  init() throws {
    temporary = try TemporaryStore()
    store = try temporary.open()
    panels = Panels(store, now: time.now)
  }

  private func save(_ title: String, query: String = "", for caller: Caller = .ann) async throws -> String {
    // Ids of the same millisecond are in no order.
    let moment = store.now
    while store.now == moment { await Task.yield() }
    return try await panels.save(
      PanelContent(title: title, query: query, layout: ["columns": 2], data: ["items": [1, 2.50]]), for: caller
    ).id
  }

  @Test func aPageIsShownAgainAsItWasSaved() async throws {
    let saved = try await panels.save(
      PanelContent(
        title: "News", description: "All of it", query: "What is new?", layout: [["id": "p1"], ["id": "p2"]],
        data: ["items": [["title": "Swift"]]], metadata: ["zoom": 2]), for: .ann)
    let found = try panels.panel(saved.id, for: .ann)
    #expect(found["layout"] == [["id": "p1"], ["id": "p2"]] && found["data"] == ["items": [["title": "Swift"]]])
    #expect(found["query"] == "What is new?" && found["user"] == "ann")
    time.advance(seconds: 9)
    let updated = try await panels.update(
      saved.id, with: PanelContent(data: ["other": 1]), if: saved.revision, for: .ann)
    #expect(updated["data"] == ["other": 1] && updated["title"] == "News", "data takes the place of what there was")
    #expect(updated["updated_at"] == .string(time.moment.text) && updated["created_at"] == saved["created_at"])
    let error = await #expect(throws: StoreError.self) {
      try await panels.update(saved.id, with: PanelContent(title: "Old"), if: saved.revision, for: .ann)
    }
    #expect(error?.code == .conflict)
    #expect(
      await #expect(throws: StoreError.self) { try await panels.save(PanelContent(), for: .ann) }?.code == .invalid)
    try await store.close()
  }

  @Test func pagesAreListedNewestFirstAndFoundByTheirWords() async throws {
    var ids: [String] = []
    for number in 0..<7 {
      ids.append(try await save("Page \(number)", query: number % 2 == 0 ? "Was ist neu in Swift?" : "最近的新闻有哪些"))
    }
    _ = try await save("Page 8", query: "swift", for: .bob)
    #expect(try allPages { try panels.list(limit: 3, after: $0, for: .ann) }.map(\.id) == ids.reversed())
    let swift = [ids[6], ids[4], ids[2], ids[0]]
    #expect(try allPages { try panels.search("SWIFT neu", limit: 2, after: $0, for: .ann) }.map(\.id) == swift)
    #expect(try panels.search("新闻", for: .ann).ids == [ids[5], ids[3], ids[1]])
    #expect(try panels.search("swift 5", for: .ann).documents.isEmpty)
    #expect(#expect(throws: StoreError.self) { try panels.search("  ", for: .ann) }?.code == .usage)
    try await store.close()
  }

  @Test func aDeletedPageIsListedAndRecoveredAsItWasAlsoAfterARestart() async throws {
    let kept = try await save("Kept")
    let id = try await save("Gone")
    let other = try await save("Gone as well")
    let foreign = try await save("Bob's", for: .bob)
    let before = try panels.panel(id, for: .ann)
    for gone in [id, other] { try await panels.delete(gone, for: .ann) }
    try await panels.delete(foreign, for: .bob)
    #expect(try panels.list(for: .ann).ids == [kept])
    try await store.close()

    let reopened = try temporary.open()
    let panels = Panels(reopened, now: time.now)
    let deleted = try panels.deleted(for: .ann)
    #expect(deleted.panels.map(\.document.id) == [other, id] && deleted.next == nil)
    #expect(deleted.panels[1].document["title"] == "Gone")
    #expect(deleted.panels[1].deletion.author == Caller.ann.author)
    let first = try panels.deleted(limit: 1, for: .ann)
    #expect(first.panels.map(\.document.id) == [other])
    #expect(try panels.deleted(limit: 1, after: first.next, for: .ann).panels.map(\.document.id) == [id])

    let recovered = try await panels.recover(id, for: .ann)
    #expect(recovered.text.bytes == before.text.bytes)
    #expect(try panels.list(for: .ann).ids == [id, kept])
    #expect(try panels.deleted(for: .ann).panels.map(\.document.id) == [other])
    #expect(await #expect(throws: StoreError.self) { try await panels.recover(id, for: .ann) }?.code == .conflict)
    try await panels.delete(id, for: .ann)
    #expect(try await panels.recover(id, for: .ann).text.bytes == before.text.bytes, "as often as one wants")
    try await reopened.close()
  }

  @Test func aDeletedPageOfSomebodyElseIsNotThere() async throws {
    let (gone, there) = (try await save("Gone"), try await save("There"))
    try await panels.delete(gone, for: .ann)
    let before = store.snapshot().sequence
    #expect(try panels.deleted(for: .bob).panels.isEmpty)
    #expect(try panels.deleted(for: .owner).panels.isEmpty)
    for id in [gone, there, "019aa4f0-7c00-7000-8000-3f2b6c1d9e55"] {
      let error = await #expect(throws: StoreError.self) { try await panels.recover(id, for: .bob) }
      #expect(error?.code == .notFound)
      #expect(error?.message == "There is no document 'panels/\(id)'.")
    }
    #expect(store.snapshot().sequence == before)
    try await store.close()
  }

  @Test func ofTwoWhoRecoverAtOnceBothSeeThePage() async throws {
    let id = try await save("Gone")
    try await panels.delete(id, for: .ann)
    let outcomes = await withTaskGroup(of: StoreError.Code?.self) { group in
      for _ in 0..<4 {
        group.addTask {
          do {
            _ = try await panels.recover(id, for: .ann)
            return nil
          } catch {
            return (error as? StoreError)?.code
          }
        }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(outcomes.contains(nil))
    #expect(outcomes.allSatisfy { $0 == nil || $0 == .conflict })
    #expect(try panels.panel(id, for: .ann)["title"] == "Gone")
    try await store.close()
  }
}
