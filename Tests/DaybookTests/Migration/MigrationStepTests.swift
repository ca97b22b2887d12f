import Documents
import TestSupport
import Testing

@testable import Daybook

/// The steps of a migration, as functions of values.
@Suite struct MigrationStepTests {
  private func value(_ text: String) throws -> JSONValue { try JSONText(parsing: text).root.value }

  private func migration(_ steps: String) throws -> Migration {
    let text = "{\"kind\": \"note\", \"steps\": [\(steps)]}"
    return try Migration(parsing: Array(text.utf8), fileName: "0001-test.json")
  }

  @Test(arguments: [
    (#"{"rename": "/a", "to": "b"}"#, #"{"a": 1, "c": 2}"#, #"{"b": 1, "c": 2}"#),
    (#"{"rename": "/o/a", "to": "b"}"#, #"{"o": {"a": 1}}"#, #"{"o": {"b": 1}}"#),
    (#"{"rename": "/l/*/a", "to": "b"}"#, #"{"l": [{"a": 1}, {"c": 2}, 3]}"#, #"{"l": [{"b": 1}, {"c": 2}, 3]}"#),
    (#"{"move": "/a", "to": "/o/p/a"}"#, #"{"a": 1, "o": {"p": {"x": 2}}}"#, #"{"o": {"p": {"x": 2, "a": 1}}}"#),
    (#"{"move": "/a", "to": "/o/p/a"}"#, #"{"a": 1}"#, #"{"o": {"p": {"a": 1}}}"#),
    (#"{"default": "/a", "value": [1]}"#, #"{"b": null}"#, #"{"b": null, "a": [1]}"#),
    (#"{"default": "/l/*/a", "value": 0}"#, #"{"l": [{}, {}]}"#, #"{"l": [{"a": 0}, {"a": 0}]}"#),
    (#"{"map": "/a", "values": [["open", "pending"], [1, true]]}"#, #"{"a": "open"}"#, #"{"a": "pending"}"#),
    (#"{"map": "/a", "values": [["x", "y"], ["y", "x"]]}"#, #"{"a": "y"}"#, #"{"a": "x"}"#),
    (#"{"convert": "/a", "from": "string", "to": "integer"}"#, #"{"a": "8080"}"#, #"{"a": 8080}"#),
    (#"{"convert": "/a", "from": "number", "to": "string"}"#, #"{"a": 1.50}"#, #"{"a": "1.50"}"#),
    (#"{"convert": "/a", "from": "boolean", "to": "string"}"#, #"{"a": true}"#, #"{"a": "true"}"#),
    (#"{"split": "/n", "at": " ", "into": ["/f", "/l"]}"#, #"{"n": "Ann van Dyk"}"#, #"{"f": "Ann", "l": "van Dyk"}"#),
    (#"{"split": "/n", "at": " ", "into": ["/f", "/l"]}"#, #"{"n": "Ann"}"#, #"{"f": "Ann"}"#),
    (#"{"split": "/n", "at": ":", "into": ["/n", "/p"]}"#, #"{"n": "h:1"}"#, #"{"n": "h", "p": "1"}"#),
    (#"{"merge": ["/h", "/p"], "with": ":", "into": "/a"}"#, #"{"h": "x", "p": "1"}"#, #"{"a": "x:1"}"#),
    (#"{"wrap": "/t"}"#, #"{"t": "x"}"#, #"{"t": ["x"]}"#), (#"{"unwrap": "/t"}"#, #"{"t": ["x"]}"#, #"{"t": "x"}"#),
  ]) func aStepThereAndBack(_ step: String, _ old: String, _ new: String) throws {
    let migration = try migration(step)
    let (old, new) = (try value(old), try value(new))
    #expect(migration.applied(to: old) == new)
    #expect(migration.undone(on: new) == old)
    #expect(migration.lossySteps(on: old).isEmpty)
  }

  @Test(arguments: [
    (#"{"rename": "/a", "to": "b"}"#, #"{"a": 1, "b": 2}"#), (#"{"rename": "/a", "to": "b"}"#, #"{}"#),
    (#"{"rename": "/x/a", "to": "b"}"#, #"{"x": [1]}"#), (#"{"move": "/a", "to": "/b/c"}"#, #"{"a": 1, "b": 2}"#),
    (#"{"default": "/o/a", "value": 1}"#, #"{"o": "text"}"#), (#"{"default": "/a", "value": 1}"#, #"{"a": null}"#),
    (#"{"map": "/a", "values": [["x", "y"]]}"#, #"{"a": "z"}"#),
    (#"{"convert": "/a", "from": "string", "to": "integer"}"#, #"{"a": "eight"}"#),
    (#"{"convert": "/a", "from": "string", "to": "integer"}"#, #"{"a": "1.5"}"#),
    (#"{"convert": "/a", "from": "string", "to": "integer"}"#, #"{"a": 1}"#),
    (#"{"split": "/n", "at": " ", "into": ["/f", "/l"]}"#, #"{"n": "a b", "l": "taken"}"#),
    (#"{"merge": ["/h", "/p"], "with": ":", "into": "/a"}"#, #"{"h": "x", "p": 1}"#),
    (#"{"wrap": "/t"}"#, #"{"t": []}"#), (#"{"unwrap": "/t"}"#, #"{"t": [1, 2]}"#),
    (#"{"split": "/s", "at": ":", "into": ["/s", "/t"]}"#, #"{"s": "sealed:1:a:b:c"}"#),
    (#"{"merge": ["/s", "/t"], "with": "-", "into": "/u"}"#, #"{"s": "sealed:1:a:b:c", "t": "x"}"#),
    (#"{"convert": "/s", "from": "string", "to": "boolean"}"#, #"{"s": "sealed:1:a:b:c"}"#),
  ]) func aStepThatDoesNotFitDoesNothing(_ step: String, _ text: String) throws {
    let (migration, old) = (try migration(step), try value(text))
    #expect(migration.applied(to: old) == old)
  }

  @Test(arguments: [
    (#"{"remove": "/a"}"#, #"{"a": 1}"#), (#"{"map": "/a", "values": [["x", "z"], ["y", "z"]]}"#, #"{"a": "y"}"#),
    (#"{"merge": ["/h", "/p"], "with": ":", "into": "/a"}"#, #"{"h": "x:y", "p": "1"}"#),
    (#"{"convert": "/a", "from": "string", "to": "number"}"#, #"{"a": "x"}, {"a": 1}"#),
  ]) func aStepThatLosesSomethingSaysSo(_ step: String, _ text: String) throws {
    let text = text.split(separator: ", {").first.map(String.init) ?? text
    let (migration, old) = (try migration(step), try value(text))
    #expect(migration.lossySteps(on: old).isEmpty == (migration.applied(to: old) == old))
  }

  /// Random documents through random steps: whatever no step calls a loss comes back.
  @Test(arguments: 0..<200 as Range<UInt64>) func whatIsNotCalledALossComesBack(seed: UInt64) throws {
    var random = RepeatableRandom(seed: seed)
    let names = ["a", "b", "c", "d"]
    func pointer() -> JSONPointer {
      JSONPointer((0..<Int.random(in: 1...2, using: &random)).map { _ in names.randomElement(using: &random) ?? "a" })
    }
    func scalar() -> JSONValue {
      [
        .string("x y"), .string("1"), .string("x"), .bool(true), .number(JSONNumber(1)), .null, .array([.string("x")]),
        .string("sealed:1:q"),
      ].randomElement(using: &random) ?? .null
    }
    func object(_ depth: Int) -> JSONValue {
      var object: JSONObject = [:]
      for name in names where Bool.random(using: &random) {
        object[name] = depth > 0 && Bool.random(using: &random) ? self.object(of: scalar()) : scalar()
      }
      return .object(object)
    }
    func step() -> MigrationStep {
      switch Int.random(in: 0..<9, using: &random) {
      case 0: .rename(pointer(), to: names.randomElement(using: &random) ?? "a")
      case 1: .move(pointer(), to: pointer())
      case 2: .setDefault(pointer(), scalar())
      case 3: .remove(pointer())
      case 4: .map(pointer(), [.init(old: scalar(), new: scalar())])
      case 5:
        .convert(
          pointer(), from: .string, to: MigrationStep.ScalarType.allCases.randomElement(using: &random) ?? .string)
      case 6: .split(pointer(), at: " ", into: [pointer(), pointer()])
      case 7: .merge([pointer(), pointer()], with: " ", into: pointer())
      default: .wrap(pointer())
      }
    }
    let migration = Migration(
      name: "0001-x", number: 1, kind: "note", description: nil, steps: (0..<3).map { _ in step() }, bytes: [])
    for _ in 0..<20 {
      let old = object(1)
      let new = migration.applied(to: old)
      var value = old
      let isIdle = migration.steps.contains { step in
        defer { value = step.applied(to: value) }
        return step.applied(to: value) == value
      }
      if migration.lossySteps(on: old).isEmpty, !isIdle {
        #expect(migration.undone(on: new) == old, "seed \(seed): \(migration.steps)")
      }
      guard !migration.steps.contains(where: { if case .remove = $0 { true } else { false } }) else { continue }
      let introduces = migration.steps.contains { "\($0)".contains("default") || "\($0)".contains("map") }
      if !introduces { #expect(sealed(new) == sealed(old), "seed \(seed): \(migration.steps)") }
    }
  }

  private func object(of value: JSONValue) -> JSONValue { ["a": value, "b": value] }

  /// How many sealed values there are.
  private func sealed(_ value: JSONValue) -> Int {
    switch value {
    case .string(let text): text.hasPrefix("sealed:") ? 1 : 0
    case .array(let array): array.reduce(0) { $0 + sealed($1) }
    case .object(let object): object.reduce(0) { $0 + sealed($1.value) }
    default: 0
    }
  }

  @Test(arguments: [
    ("{", "1:2"), (#"{"steps": []}"#, "\"kind\""), (#"{"kind": "n"}"#, "\"steps\""),
    (#"{"kind": "n", "steps": [{"renam": "/a"}]}"#, "'renam' is no step"),
    (#"{"kind": "n", "steps": [{"rename": "/a"}]}"#, "\"to\" is missing"),
    (#"{"kind": "n", "steps": [{"rename": "a", "to": "b"}]}"#, "JSON Pointer"),
    (#"{"kind": "n", "steps": [{"move": "/a/*", "to": "/b"}]}"#, "cannot stand here"),
    (#"{"kind": "n", "steps": [{"convert": "/a", "from": "text", "to": "string"}]}"#, "'text' is no type"),
    (#"{"kind": "n", "steps": [{"split": "/a", "at": "", "into": ["/b", "/c"]}]}"#, "must not be empty"),
    (#"{"kind": "n", "steps": [{"merge": ["/a"], "with": "x", "into": "/c"}]}"#, "at least two"),
    (#"{"kind": "n", "steps": [{"map": "/a", "values": [["x", 1], ["x", 2]]}]}"#, "once"),
  ]) func aBrokenFileIsToldWithItsPlace(_ text: String, _ words: String) throws {
    let error = storeError { _ = try Migration(parsing: Array(text.utf8), fileName: "0001-x.json") }
    #expect(error?.code == .invalid)
    #expect(error?.message.hasPrefix("migrations/0001-x.json:1:") == true || text == #"{"steps": []}"#)
    #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
  }

  @Test(arguments: ["1-x.json", "0001.json", "0000-x.json", "0001-X.json", "0001-.json", "abcd-x.json", "0001-x-.json"])
  func aFileHasItsNumberAndItsName(_ name: String) throws {
    let text = #"{"kind": "n", "steps": []}"#
    #expect(storeError { _ = try Migration(parsing: Array(text.utf8), fileName: name) }?.code == .invalid)
  }
}
