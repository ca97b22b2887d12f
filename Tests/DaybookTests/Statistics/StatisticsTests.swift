import Documents
import Foundation
import TestSupport
import Testing

@testable import Daybook

@Suite struct StatisticsTests {
  @Test(arguments: [1, 2] as [UInt64]) func whatIsCountedIsWhatTheStockClientFinds(seed: UInt64) async throws {
    let temporary = try TemporaryStore(kinds: SampleKinds.all)
    let store = try temporary.open()
    var model = HistoryModel(store, seed: seed)
    for _ in 0..<80 { try await model.step() }
    try await store.condense()
    for _ in 0..<20 { try await model.step() }
    try await store.settle()
    let found = try await store.statistics()

    #expect(found.commits == Int(try temporary.git("rev-list", "--count", "HEAD").dropLast()))
    #expect(found.sequence == store.snapshot().sequence)
    for (collection, folder) in [("notes", "notes"), ("pins", "pins"), ("threads", "threads")] {
      let counted = try #require(found.collections.first { $0.name == collection })
      let files = try temporary.git("ls-tree", "-r", "-l", "HEAD", folder).split(separator: "\n")
      let sizes = files.map { Int($0.split(whereSeparator: { " \t".contains($0) })[3]) ?? 0 }
      #expect(counted.bytes == sizes.reduce(0, +), "\(collection)")
      #expect(counted.documents == model.world.documents.keys.filter { $0.hasPrefix(collection + "/") }.count)
    }
    #expect(found.collections.reduce(0) { $0 + $1.versions } >= found.documents)
    // Packs are counted to the byte, and everything in them once.
    let listed = try temporary.git("count-objects", "-v").split(separator: "\n")
    #expect(listed.contains("in-pack: \(found.packedObjects)") && listed.contains("packs: \(found.packs)"))
    #expect(found.otherBytes > 0 && found.commitBytes > 0)
    let parts = found.commitBytes + found.otherBytes + found.collections.reduce(0) { $0 + $1.packedBytes }
    #expect(parts == found.packBytes)
    try await store.close()
  }

  @Test func versionsAreCountedAsTheHistoryListsThem() async throws {
    let temporary = try TemporaryStore(kinds: SampleKinds.all)
    let store = try temporary.open()
    for number in 1...7 { try await store.transaction { try $0.put("notes/a", ["n": .number(JSONNumber(number))]) } }
    try await store.transaction { try $0.put("notes/b", ["n": 1]) }
    try await store.transaction { try $0.delete("notes/a") }
    let notes = try #require(try await store.statistics().collections.first { $0.name == "notes" })
    #expect(notes.documents == 1)
    #expect(notes.versions == 8)
    try await store.close()
  }

  @Test func theLargestDocumentsComeFirst() async throws {
    let temporary = try TemporaryStore(kinds: SampleKinds.all)
    let store = try temporary.open()
    let sizes = (1...30).map { $0 * 37 % 31 }
    for (number, size) in sizes.enumerated() {
      try await store.transaction {
        try $0.put("notes/n\(number)", ["s": .string(String(repeating: "x", count: 100 * size))])
      }
    }
    // A series counts with its document.
    try await store.transaction {
      try $0.put("threads/long", [:])
      try $0.append(
        (0..<50).map { ["id": .string("e\($0)"), "s": .string(String(repeating: "y", count: 100))] }, to: "events",
        of: "threads/long")
    }
    let largest = try await store.statistics().largest
    #expect(largest.count == 10)
    #expect(largest[0].address == "threads/long" && largest[0].bytes > 5_000)
    #expect(largest.map(\.bytes) == largest.map(\.bytes).sorted(by: >))
    let notes = Set(largest.dropFirst().map(\.address))
    let expected = sizes.enumerated().sorted { $0.element > $1.element }.prefix(9).map { "notes/n\($0.offset)" }
    #expect(notes == Set(expected))
    try await store.close()
  }

  @Test func commitsAreCountedByTheDayOfTheirTime() async throws {
    let temporary = try TemporaryStore(kinds: SampleKinds.all)
    try await temporary.open().close()
    // By hand, on days to come: commits never go back in time.
    let day = 86_400
    let today = Int(Date().timeIntervalSince1970) / day
    let expected = [0, 3, 0, 2, 1, 4, 0]
    for (place, count) in expected.enumerated() {
      let noon = (today + 1 + place) * day + day / 2
      for number in 0..<count {
        try temporary.write("\(place) \(number)\n", to: "README")
        try temporary.git("add", "README")
        let time = ["GIT_AUTHOR_DATE": "\(noon) +0000", "GIT_COMMITTER_DATE": "\(noon) +0000"]
        let who = ["-c", "user.name=P", "-c", "user.email=p@example.org"]
        _ = try Command.run(
          "/usr/bin/git", ["-C", temporary.path] + who + ["commit", "-q", "-m", "x"], environment: time)
      }
    }
    let store = try temporary.open()
    let growth = StoreGrowth(index: store.parts.published.current.index, objects: store.parts.objects)
    let end = Int64((today + expected.count) * day + day / 2) * 1_000
    #expect(growth.days(expected.count, until: end).map(\.commits) == expected)
    #expect(growth.days(expected.count + 1, until: end).first?.commits ?? 0 > 0)
    #expect(try await store.statistics().days.count == 7)
    try await store.close()
  }
}
