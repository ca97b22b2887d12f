import Documents
import Testing

@testable import DaybookRuntime

@Suite struct MemoryFilterTests {
  private let value: JSONValue = [
    "name": "Ann", "age": 30, "tags": ["a", ["b": 1]], "home": ["city": "Bern", "zip": 3000], "none": nil,
  ]

  @Test(
    arguments: [
      [:], ["name": "Ann"], ["age": 30.0], ["home": ["city": "Bern"]], ["tags": ["a", ["b": 1]]], ["absent": nil],
      ["none": nil], ["age": ["$gt": 29, "$lt": 31]], ["age": ["$gte": 30]], ["age": ["$lte": 30]],
      ["age": ["$ne": 31]],
      ["name": ["$gt": "Amy"]], ["name": ["$eq": "Ann"]], ["home": ["zip": ["$gt": 2999]]], ["absent": ["$ne": 1]],
      ["tags": [["$ne": "b"], ["b": ["$lt": 2]]]],
    ] as [JSONObject])
  func aFilterThatHolds(filter: JSONObject) {
    #expect(MemoryFilter(members: filter).holds(of: value))
    #expect(MemoryFilter(members: filter).unknownOperator == nil)
  }

  @Test(
    arguments: [
      ["name": "ann"], ["age": "30"], ["home": ["city": "Bern", "street": "x"]], ["tags": ["a"]], ["absent": 1],
      ["age": ["$gt": 30]], ["age": ["$gt": 1, "$lt": 2]], ["name": ["$gt": 1]], ["absent": ["$gte": 0]],
      ["home": "Bern"], ["name": ["Ann": 1]],
    ] as [JSONObject])
  func aFilterThatDoesNotHold(filter: JSONObject) {
    #expect(!MemoryFilter(members: filter).holds(of: value))
  }

  @Test func anOperatorThatNobodyKnowsIsNamed() {
    #expect(MemoryFilter(members: ["age": ["$in": [1]]]).unknownOperator == "$in")
    #expect(MemoryFilter(members: ["a": [["b": ["$or": 1]]]]).unknownOperator == "$or")
  }
}
