import Daybook
import Documents
import TestSupport
import Testing

@Suite struct DeletedDocumentTests {
  /// Random writes, deletions and returns; what is deleted in the end is listed, with what it was last.
  @Test(arguments: [1, 2, 3] as [UInt64])
  func theListIsWhatWasDeletedAndHasNotComeBack(seed: UInt64) async throws {
    var random = RepeatableRandom(seed: seed)
    let temporary = try TemporaryStore(kinds: SampleKinds.all)
    var store = try temporary.open()
    var present: [String: Int] = [:]
    var deleted: [String: (n: Int, sequence: UInt64)] = [:]
    for step in 0..<200 {
      let id = ["a", "ab", "abc", "b", "b-1", "ß", "z"].randomElement(using: &random)!
      switch Int.random(in: 0..<8, using: &random) {
      case 0..<4:
        try await store.transaction { try $0.put("notes/\(id)", ["n": .number(JSONNumber(step))]) }
        present[id] = step
        deleted[id] = nil
      case 4..<7:
        guard let n = present.removeValue(forKey: id) else { continue }
        let receipt = try await store.transaction { try $0.delete("notes/\(id)") }
        deleted[id] = (n, receipt.sequence)
      default:
        try await store.close()
        store = try temporary.open()
      }
    }
    let snapshot = store.snapshot()
    var found: [DeletedDocument] = []
    while true {
      let page = try snapshot.deletedDocuments(of: "notes", before: found.last?.document.address.id.text, limit: 1)
      if page.isEmpty { break }
      found += page
    }
    var (looked, next): ([DeletedDocument], String?) = ([], nil)
    repeat {
      let page = try snapshot.deletedDocuments(of: "notes", before: next, limit: 3, looks: 2)
      #expect(page.looked <= 2)
      looked += page.documents
      next = page.next
    } while next != nil
    #expect(looked.map(\.document.address) == found.map(\.document.address), "in small steps")
    let expected = deleted.keys.sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) }.reversed()
    #expect(found.map(\.document.address.id.text) == Array(expected), "seed \(seed)")
    for document in found {
      let id = document.document.address.id.text
      #expect(document.document.root["n"]?.integer == deleted[id]?.n, "seed \(seed) \(id)")
      #expect(document.deletion.sequence == deleted[id]?.sequence, "seed \(seed) \(id)")
    }
    for id in present.keys { #expect(try snapshot.deletedDocument("notes/\(id)") == nil) }
    #expect(try snapshot.deletedDocument("notes/never") == nil)
    try await store.close()
  }
}
