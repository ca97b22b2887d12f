import Documents
import Testing

struct JSONChangingTests {
  @Test func turnsAnyTextIntoAnyValue() throws {
    for seed in UInt64(0)..<1_500 {
      var maker = RandomJSON(seed: seed)
      let old = maker.value(depth: 4)
      let text = try JSONText(parsing: maker.text(of: old))
      let new = maker.below(8) == 0 ? maker.value() : maker.mutated(maker.mutated(old))
      let changed = text.changing(to: new)
      #expect(changed.root.value == new, "seed \(seed)")
      #expect(throws: Never.self, "seed \(seed)") { try JSONText(parsing: changed.bytes) }
      #expect(text.changing(to: old) == text, "seed \(seed): nothing to change, nothing changed")
      #expect(changed.changing(to: new) == changed, "seed \(seed)")
    }
  }

  /// What was written as documents are written stays so, but for the order of members.
  @Test func keepsDocumentsInTheStyleOfDocuments() throws {
    for seed in UInt64(0)..<500 {
      var maker = RandomJSON(seed: seed)
      let old = JSONValue.object(maker.object(depth: 4))
      let changed = JSONText(formatting: old).changing(to: maker.mutated(old))
      #expect(changed == JSONText(formatting: changed.root.value), "seed \(seed)")
    }
  }

  @Test func editsAsAModelOfValuesDoes() throws {
    for seed in UInt64(0)..<800 {
      var maker = RandomJSON(seed: seed)
      let value = JSONValue.object(maker.object(depth: 4))
      let text = try JSONText(parsing: maker.text(of: value))
      let places = Self.pointers(in: value)
      let new = maker.value(depth: 2)
      let pointer = maker.pick(places)
      let edit: JSONEdit
      let operation: JSONPatch.Operation
      switch maker.below(3) {
      case 0: (edit, operation) = (.set(pointer, new), .replace(pointer, new))
      case 1: (edit, operation) = (.remove(pointer), .remove(pointer))
      default:
        guard case .array? = value[pointer] else { continue }
        (edit, operation) = (.insert(pointer.appending("-"), new), .add(pointer.appending("-"), new))
      }
      guard let expected = try? JSONPatch([operation]).applied(to: value) else { continue }
      #expect(try text.applying([edit]).root.value == expected, "seed \(seed)")
    }
  }

  private static func pointers(in value: JSONValue, at pointer: JSONPointer = .root) -> [JSONPointer] {
    switch value {
    case .array(let array): [pointer] + array.enumerated().flatMap { pointers(in: $1, at: pointer.appending($0)) }
    case .object(let object): [pointer] + object.flatMap { pointers(in: $0.value, at: pointer.appending($0.key)) }
    default: [pointer]
    }
  }

  private let handWritten = """
    {
      "name" : "x",   "version": 1.0,
      "tags": ["a",  "b" , "c"],
      "models": [
        { "id": "one", "size": 1.50 },
        { "id": "two",
          "size": 2 },
        { "id": "three", "size": 3e0 }
      ]
    }
    """

  @Test func leavesFormattingAndNumbersAlone() throws {
    let text = try JSONText(parsing: handWritten)
    let same: JSONValue = [
      "models": [["id": "one", "size": 1.5], ["size": 2, "id": "two"], ["id": "three", "size": 3]],
      "tags": ["a", "b", "c"], "name": "x", "version": 1,
    ]
    #expect(text.changing(to: same) == text)
  }

  @Test func changesElementsWithIDsWhereTheyAre() throws {
    let text = try JSONText(parsing: handWritten)
    var value = text.root.value
    value = try JSONPatch([.remove(JSONPointer(["models", "0"])), .replace(JSONPointer(["models", "0", "size"]), 7)])
      .applied(to: value)
    let expected = handWritten.replacing("    { \"id\": \"one\", \"size\": 1.50 },\n", with: "").replacing(
      "\"size\": 2 ", with: "\"size\": 7 ")
    #expect(text.changing(to: value).description == expected)
  }

  @Test func movesElementsWithTheirFormatting() throws {
    let text = try JSONText(parsing: handWritten)
    let value = try JSONPatch([.move(from: JSONPointer(["models", "2"]), to: JSONPointer(["models", "0"]))])
      .applied(to: text.root.value)
    let models = """
      "models": [
          { "id": "three", "size": 3e0 },
          { "id": "one", "size": 1.50 },
          { "id": "two",
            "size": 2 }
        ]
      """
    #expect(text.changing(to: value).description.contains(models))
  }

  @Test(
    arguments: [
      (["a": 1, "b": 2, "c": 4], 2), (["a": 1, "b": 2], 3), (["a": 1, "c": 3], 1),
      (["a": 1, "b": 2, "c": 3, "d": 4], 3),
      (["a": 1, "b": [true], "c": 3], 4),
    ] as [(JSONValue, Int)])
  func changesFewLines(new: JSONValue, lines: Int) {
    let old = JSONText(formatting: ["a": 1, "b": 2, "c": 3])
    let changed = old.changing(to: new)
    let difference = changed.description.split(separator: "\n").difference(from: old.description.split(separator: "\n"))
    #expect(difference.count == lines, "lines that git diff shows with + or -")
  }

  @Test func rewritesLargeArraysInReasonableTime() throws {
    let old = JSONText(formatting: .array((0..<20_000).map { .number(JSONNumber($0)) }))
    let new = JSONValue.array((0..<20_000).map { ["n": .number(JSONNumber($0))] })
    let start = ContinuousClock.now
    #expect(old.changing(to: new).root.value == new)
    #expect(ContinuousClock.now - start < .seconds(20))
  }
}
