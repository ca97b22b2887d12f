import Documents
import TestSupport
import Testing

@testable import Daybook

@Suite struct QueryTests {
  /// What a query must answer, worked out from all documents.
  private struct Row {
    var id: String
    var n: Int?
    var s: String
  }

  private func filled(_ temporary: TemporaryStore, _ count: Int, seed: UInt64) async throws -> (Store, [Row]) {
    var random = RepeatableRandom(seed: seed)
    var rows: [Row] = []
    for place in 0..<count {
      let n = Int.random(in: 0..<10, using: &random) == 0 ? nil : Int.random(in: -20..<20, using: &random)
      rows.append(
        Row(id: "d\(1000 + place)", n: n, s: ["red", "redder", "blue", "", "grün"].randomElement(using: &random)!))
    }
    let store = try temporary.open()
    try await store.transaction { transaction in
      for row in rows {
        var value: JSONObject = ["s": .string(row.s)]
        if let n = row.n { value["n"] = .number(JSONNumber(n)) }
        try transaction.put("notes/\(row.id)", .object(value))
      }
    }
    return (store, rows)
  }

  @Test(arguments: [1, 2] as [UInt64])
  func everyAnswerIsWhatSiftingAllDocumentsGives(seed: UInt64) async throws {
    let temporary = try TemporaryStore(kinds: SampleKinds.all)
    let (store, rows) = try await filled(temporary, 120, seed: seed)
    func number(_ value: Int) -> JSONValue { .number(JSONNumber(value)) }
    let tests: [(String, Query.Test, (Row) -> Bool)] = [
      ("/n", .equals(number(3)), { $0.n == 3 }), ("/n", .equals(.null), { $0.n == nil }),
      ("/n", .less(number(0)), { ($0.n ?? .min) < 0 }), ("/n", .atLeast(number(5)), { ($0.n ?? .min) >= 5 }),
      ("/s", .equals("red"), { $0.s == "red" }), ("/s", .hasPrefix("red"), { $0.s.hasPrefix("red") }),
      ("/s", .equals(""), { $0.s.isEmpty }),
      ("/s", .isOneOf(["grün", "red", "none", "red"]), { ["grün", "red"].contains($0.s) }),
      ("/n", .isOneOf([.null, number(3), number(-4)]), { [nil, 3, -4].contains($0.n) }),
      ("/s", .isOneOf([]), { _ in false }),
    ]
    for (member, test, passes) in tests {
      for (other, otherTest, otherPasses) in tests where other != member {
        for order in [nil, "/n", "/s"] as [String?] {
          var query = try Query("notes").where(member, test).where(other, otherTest).limited(to: 7)
          if let order { query = try query.sorted(by: order) }
          var expected = rows.filter { passes($0) && otherPasses($0) }
          if order == "/n" { expected.sort { ($0.n ?? .min, $0.id) < ($1.n ?? .min, $1.id) } }
          if order == "/s" { expected.sort { (Array($0.s.utf8), $0.id) < (Array($1.s.utf8), $1.id) } }
          let found = try pages(query, store.snapshot())
          #expect(
            found == expected.map(\.id), "seed \(seed) \(member) \(test) \(other) \(otherTest) by \(order ?? "id")")
          let backwards = try pages(
            order.map { try query.sorted(by: $0, .descending) } ?? query.sorted(.descending), store.snapshot())
          #expect(backwards == expected.map(\.id).reversed(), "descending")
          let few = query.examining(atMost: 4)
          if let slowly = try? pages(few, store.snapshot()) { #expect(slowly == found, "a few at a time") }
          #expect(try Set(store.snapshot().addresses(query).map(\.id.text)) == Set(expected.map(\.id)))
        }
      }
    }
    try await store.close()
  }

  @Test func aPageEndsWithTheDocumentThatBringsItToItsBytes() async throws {
    let temporary = try TemporaryStore(kinds: SampleKinds.all)
    let (store, rows) = try await filled(temporary, 40, seed: 4)
    let snapshot = store.snapshot()
    let bytes = try rows.map { try #require(try snapshot.document("notes/\($0.id)")).text.bytes.count }
    let bound = bytes[0] + bytes[1] + 1
    let query = Query("notes").holding(bytes: bound)
    #expect(query.bytes == bound && Query("notes").bytes == Limits.pageBytes)
    for page in [try snapshot.query(query), try snapshot.past(at: .newest).query(query)] {
      #expect(page.documents.map(\.address.id.text) == rows.prefix(3).map(\.id) && page.next != nil)
    }
    #expect(try snapshot.query(query.holding(bytes: 0)).documents.count == 1, "one at least")
    for order in ["/n", "/s"] {
      let sorted = try query.sorted(by: order)
      #expect(try snapshot.query(sorted).documents.count < 7)
      #expect(try pages(sorted, snapshot) == pages(Query("notes").sorted(by: order), snapshot))
    }
    #expect(try pages(query, snapshot) == rows.map(\.id))
    try await store.close()
  }

  @Test func aPageReadsNoMoreDocumentsThanItMay() async throws {
    let temporary = try TemporaryStore(kinds: SampleKinds.all)
    let (store, rows) = try await filled(temporary, 40, seed: 3)
    let query = try Query("notes").where("/absent", .equals("nothing"))
    #expect(try !store.snapshot().isIndexed(query))
    var (cursor, count) = (String?.none, 0)
    repeat {
      let page = try store.snapshot().query(query.examining(atMost: 7).after(cursor))
      #expect(page.documents.isEmpty)
      cursor = page.next
      count += 1
    } while cursor != nil
    #expect(count == (rows.count + 6) / 7)
    let past = try store.snapshot().past(at: .newest)
    let page = try past.query(query.examining(atMost: 7))
    #expect(page.documents.isEmpty && page.next != nil)
    let all = try past.query(query.examining(atMost: 7).after(page.next))
    #expect(all.next != page.next)
    let sorted = try query.sorted(by: "/absent").examining(atMost: 7)
    #expect(#expect(throws: StoreError.self) { try store.snapshot().query(sorted) }?.code == .limit)
    #expect(#expect(throws: StoreError.self) { try past.query(sorted) }?.code == .limit)
    try await store.close()
  }

  @Test func wherePagesEndByNumberAndByWhatIsLookedAtNothingIsLost() async throws {
    let temporary = try TemporaryStore(kinds: SampleKinds.all)
    let store = try temporary.open()
    try await store.transaction { transaction in
      for number in 0..<10 {
        try transaction.put("notes/n\(number)", ["n": 1, "odd": .bool(!number.isMultiple(of: 2))])
      }
    }
    let snapshot = store.snapshot()
    for bound in 1...8 {
      for limit in 1...4 {
        let all = Query("notes").examining(atMost: bound).limited(to: limit)
        #expect(try pages(all, snapshot) == (0..<10).map { "n\($0)" }, "\(limit) of \(bound)")
        #expect(
          try pages(all.where("/odd", .equals(true)), snapshot) == [1, 3, 5, 7, 9].map { "n\($0)" },
          "\(limit) of \(bound)")
      }
    }
    try await store.close()
  }

  @Test func ofIndexesThatServeEquallyTheOneWithTheOrderIsTaken() async throws {
    let temporary = try TemporaryStore()
    let store = try temporary.open()
    let kind = try store.kinds.kind(of: "inbox/todos")
    let query = try Query("inbox/todos").where("/user", .equals("ann")).where("/thread_id", .equals("t"))
      .sorted(by: "/created_at", .descending)
    #expect(QueryPlan(query, kind).isOrdered)
    try await store.close()
  }

  private func pages(_ query: Query, _ snapshot: Snapshot) throws -> [String] {
    var ids: [String] = []
    var cursor: String?
    repeat {
      let page = try snapshot.query(query.after(cursor))
      ids += page.documents.map { "\($0.address.id)" }
      cursor = page.next
    } while cursor != nil
    return ids
  }

  @Test func theEndOfAPageInAnotherOrderIsRefused() async throws {
    let temporary = try TemporaryStore(kinds: SampleKinds.all)
    let (store, _) = try await filled(temporary, 400, seed: 3)
    let all = Query("notes").limited(to: 1)
    let queries = [
      all, try all.where("/n", .equals(3)), try all.where("/n", .equals(4)),
      try all.where("/s", .hasPrefix("r")).sorted(by: "/s"),
    ]
    let ends = try queries.map { try #require(try store.snapshot().query($0).next) }
    for (place, query) in queries.enumerated() {
      for (other, end) in ends.enumerated() where other != place {
        let error = #expect(throws: StoreError.self, "\(other) for \(place)") {
          try store.snapshot().query(query.after(end))
        }
        #expect(error?.code == .usage)
      }
    }
    try await store.close()
  }

  @Test func moreValuesThanAnIndexMergesAreSiftedAllTheSame() async throws {
    let temporary = try TemporaryStore(kinds: SampleKinds.all)
    let (store, rows) = try await filled(temporary, 120, seed: 5)
    let many = (0..<100).map { JSONValue.string("s\($0)") } + ["red"]
    let query = try Query("notes").where("/s", .isOneOf(many)).limited(to: 7)
    #expect(try pages(query, store.snapshot()) == rows.filter { $0.s == "red" }.map(\.id))
    try await store.close()
  }

  @Test func numbersThatDifferBehindManyDigitsAreToldApart() async throws {
    let temporary = try TemporaryStore(kinds: SampleKinds.all)
    let store = try temporary.open()
    let digits = String(repeating: "7", count: 200)
    try await store.transaction { transaction in
      for end in 0..<3 {
        try transaction.put("notes/n\(end)", text: try JSONText(parsing: "{\"n\": \(digits)\(end), \"s\": \"\"}"))
      }
    }
    let one = try Query("notes").where("/n", .equals(try JSONText(parsing: "\(digits)1").root.value))
    #expect(try store.snapshot().query(one).documents.map(\.address.id.text) == ["n1"])
    try await store.close()
  }

  @Test func aSnapshotGoesOnShowingWhatItShowed() async throws {
    let temporary = try TemporaryStore(kinds: SampleKinds.all)
    let (store, rows) = try await filled(temporary, 30, seed: 9)
    let snapshot = store.snapshot()
    for row in rows { try await store.transaction { try $0.delete("notes/\(row.id)") } }
    #expect(try snapshot.count(of: "notes") == 30)
    #expect(try snapshot.document("notes/d1000") != nil)
    #expect(try store.snapshot().count(of: "notes") == 0)
    try await store.close()
  }

  @Test func anUnknownCollectionIsNotFoundWithAGuess() async throws {
    let temporary = try TemporaryStore(kinds: SampleKinds.all)
    let store = try temporary.open()
    let error = #expect(throws: StoreError.self) { try store.snapshot().query(Query("nots")) }
    #expect(error?.code == .notFound)
    #expect(error?.hint?.contains("'notes'") == true)
    try await store.close()
  }
}

private func < (left: ([UInt8], String), right: ([UInt8], String)) -> Bool {
  left.0 == right.0 ? left.1 < right.1 : left.0.lexicographicallyPrecedes(right.0)
}
