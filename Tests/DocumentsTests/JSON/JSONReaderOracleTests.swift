import Foundation
import TestSupport
import Testing

@testable import Documents

/// Compares the reader with Python's, made as strict, on texts with random damage.
struct JSONReaderOracleTests {
  private static let seed: UInt64 = 0x5EED_2026
  private static let count = 6_000

  private static let samples = [
    #"{"name": "gpt-4o", "temperature": 0.2, "tags": ["a", "b"], "limits": {"tokens": 4096, "cost": 1.5e-3}}"#,
    "[\n  null,\n  true,\n  false,\n  -0.0,\n  12E+10\n]\n",
    #"{"text": "é € 😀 \u00e9 \ud83d\ude00 \n\t\"\\\/", "": "", "nested": [[[{"a": {}}]]]}"#,
    #"  "a string that is long enough for steps of eight bytes, with é inside"  "#,
    "-123.456e78", "{}", "[]", #"{"a":1,"b":2,"c":3,"d":4,"e":5,"f":6,"g":7,"h":8,"i":9,"j":10,"k":11,"l":12,"m":13}"#,
  ].map { Array($0.utf8) }

  @Test func agreesWithPythonOnDamagedTexts() throws {
    var random = RepeatableRandom(seed: Self.seed)
    let texts = Self.samples + (0..<Self.count).map { _ in Self.damaged(&random) }
    let answers = try Python.run(Self.script, input: texts.map(Self.hexadecimal).joined(separator: "\n"))
    #expect(answers.count == texts.count)
    var accepted = 0
    for (text, answer) in zip(texts, answers) {
      let ours = (try? JSONText(parsing: text)).map { Self.description(of: $0.root) } ?? "refused"
      if ours != "refused" { accepted += 1 }
      #expect(ours == answer, "seed \(Self.seed): \(String(decoding: text, as: UTF8.self).debugDescription)")
    }
    // Damage must leave a good share of both, or this test would prove little.
    #expect(accepted > Self.count / 20 && accepted < Self.count * 9 / 10)
  }

  private static func damaged(_ random: inout RepeatableRandom) -> [UInt8] {
    var text = samples.randomElement(using: &random) ?? []
    let tokens = [
      "\"", "\\", "{", "}", "[", "]", ",", ":", "1", "0", "-", "e", ".", " ", "\n", "\\u", "null", "\\ud83d", "é",
    ]
    for _ in 0..<Int.random(in: 1...3, using: &random) {
      let place = Int.random(in: 0...text.count, using: &random)
      let end = min(text.count, place + Int.random(in: 0...3, using: &random))
      switch Int.random(in: 0..<5, using: &random) {
      case 0: text.removeSubrange(place..<end)
      case 1: text.insert(contentsOf: (tokens.randomElement(using: &random) ?? "").utf8, at: place)
      case 2: text.insert(contentsOf: text[place..<end], at: place)
      case 3 where place < end: text[place] = UInt8.random(in: 0...255, using: &random)
      default: text.replaceSubrange(place..<end, with: (tokens.randomElement(using: &random) ?? "").utf8)
      }
    }
    return text
  }

  private static func hexadecimal(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  /// What the script prints for a value: one text for each value, with numbers as they were written.
  private static func description(of node: JSONNode) -> String {
    switch node.kind {
    case .null: "null"
    case .bool: node.bool == true ? "true" : "false"
    case .number: "n" + node.content
    case .string: "s" + hexadecimal(Array(node.content.utf8))
    case .array: "[" + node.elements.map(description).joined(separator: ",") + "]"
    case .object:
      "{"
        + node.members.map { hexadecimal(Array($0.key.utf8)) + ":" + description(of: $0.value) }.joined(separator: ",")
        + "}"
    }
  }

  private static let script = #"""
    import json, re, sys

    class Number(str): pass

    class Members(list): pass

    def number(text):
        exponent = re.search(r"[eE]([-+]?\d+)$", text)
        if len(text) > 1000 or exponent and abs(int(exponent[1])) > 999999999: raise ValueError
        return Number(text)

    def members(pairs):
        if len({key for key, _ in pairs}) < len(pairs): raise ValueError
        return Members(pairs)

    def refuse(text): raise ValueError

    def describe(value, depth):
        if value is None: return "null"
        if value is True: return "true"
        if value is False: return "false"
        if isinstance(value, Number): return "n" + value
        if isinstance(value, str): return "s" + value.encode().hex()
        if depth == 64: raise ValueError
        if isinstance(value, Members):
            return "{" + ",".join(key.encode().hex() + ":" + describe(item, depth + 1) for key, item in value) + "}"
        return "[" + ",".join(describe(item, depth + 1) for item in value) + "]"

    for line in sys.stdin.read().split("\n"):
        try:
            text = bytes.fromhex(line).decode("utf-8")
            value = json.loads(
                text, parse_int=number, parse_float=number, parse_constant=refuse, object_pairs_hook=members)
            print(describe(value, 0))
        except (ValueError, RecursionError):
            print("refused")
    """#
}

/// Runs a script once and gives the lines that it prints.
enum Python {
  static func run(_ script: String, input: String) throws -> [Substring] {
    try Command.run("/usr/bin/env", ["python3", "-c", script], input: Array(input.utf8)).split(separator: "\n")
  }
}
