import Foundation
import TestSupport
import Testing

@testable import Documents

/// Random patterns and texts, judged by Python's `re` in one run.
@Suite struct PatternOracleTests {
  private static let seed: UInt64 = 20_261_121
  private static let patterns = 1_500
  private static let textsForEach = 12

  @Test func agreesWithPythonOnRandomPatterns() throws {
    var random = SeededRandom(seed: Self.seed)
    let cases = (0..<Self.patterns).map { _ in
      (
        pattern: RandomPattern.make(&random, depth: 3),
        texts: (0..<Self.textsForEach).map { _ in RandomPattern.text(&random) }
      )
    }
    let answers = try Self.python(cases)
    try #require(answers.count == Self.patterns * Self.textsForEach)
    #expect(Set(answers) == ["0", "1"])
    var next = answers.makeIterator()
    for (source, texts) in cases {
      let pattern = try Pattern(source)
      for text in texts {
        let isMatch = next.next() == "1"
        #expect(pattern.matches(text) == isMatch, "pattern \(source), text \(text.debugDescription), seed \(Self.seed)")
      }
    }
  }

  /// Python's `$` also matches before a last line feed; `\Z` is what ECMAScript means. Before 3.14 its `\B` does not
  /// match in an empty text, where it always should.
  private static let script = """
    import json, re, sys
    out = []
    for pattern, texts in json.load(sys.stdin):
        pattern = pattern.replace("$", r"\\Z")
        usual = re.compile(pattern, re.ASCII)
        empty = re.compile(pattern.replace(r"\\B", "(?:)"), re.ASCII)
        out += ["1" if (usual if text else empty).search(text) else "0" for text in texts]
    print("".join(out))
    """

  private static func python(_ cases: [(pattern: String, texts: [String])]) throws -> [Character] {
    let input = JSONText(
      formatting: .array(cases.map { .array([.string($0.pattern), .array($0.texts.map { .string($0) })]) }))
    let answers = try Command.run("/usr/bin/env", ["python3", "-c", script], input: input.bytes)
    return answers.filter { $0 == "0" || $0 == "1" }.map { $0 }
  }
}

/// Patterns that mean the same in ECMAScript and in Python, and texts that have a chance to match.
enum RandomPattern {
  private static let atoms = [
    "a", "b", "c", "0", "_", "-", " ", ".", "\\d", "\\w", "\\s", "\\D", "\\W", "\\S", "[ab]", "[^a]", "[a-c0]",
    "[^\\d]",
    "[\\w-]", "[\\s_]", "\\n", "\\.", "ab", "(a|b)", "(?:ab|c)",
  ]
  private static let quantifiers = [
    "", "", "", "*", "+", "?", "*?", "+?", "??", "{2}", "{0,2}", "{1,}", "{1,3}?", "{0}",
  ]
  private static let assertions = ["^", "$", "\\b", "\\B"]

  static func make(_ random: inout SeededRandom, depth: Int) -> String {
    var result = ""
    for _ in 0..<Int.random(in: 1...3, using: &random) {
      switch Int.random(in: 0..<10, using: &random) {
      case 0: result += assertions.randomElement(using: &random) ?? ""
      case 1...3 where depth > 0:
        let inner = make(&random, depth: depth - 1)
        result += "(\(inner))" + (quantifiers.randomElement(using: &random) ?? "")
      case 4 where depth > 0:
        result += "(?:\(make(&random, depth: depth - 1))|\(make(&random, depth: depth - 1)))"
      default:
        let atom = atoms.randomElement(using: &random) ?? "a"
        result += (atom == "ab" ? "(?:ab)" : atom) + (quantifiers.randomElement(using: &random) ?? "")
      }
    }
    return result
  }

  static func text(_ random: inout SeededRandom) -> String {
    String(
      (0..<Int.random(in: 0...8, using: &random)).map { _ in "aabbc01_- \n.".randomElement(using: &random) ?? "a" })
  }
}

/// SplitMix64: the same numbers on every machine.
struct SeededRandom: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
