import Testing

@testable import Documents

@Suite struct PatternTests {
  @Test(arguments: [
    ("a+", "xxaayy", true), ("^a*$", "aaa", true), ("^a*$", "aab", false), ("", "", true), ("^$", "", true),
    ("^$", "x", false), ("a|b|", "z", true), ("^(a|bc)$", "bc", true), ("^(a|bc)$", "ab", false),
    ("^a{2,3}$", "aa", true), ("^a{2,3}$", "aaaa", false), ("^a{2}$", "aaa", false), ("^a{2,}?$", "aaaaa", true),
    ("^(?:ab)?c$", "c", true), ("^(?<year>[0-9]{4})-", "2026-11", true), ("^(a*)*$", "aaa", true),
    ("^(|a)+$", "aa", true), ("^[^a-c]$", "d", true), ("^[^a-c]$", "b", false), ("^[]$", "", false),
    ("^[^]$", "\n", true),
    ("^[a\\-z]$", "-", true), ("^[a-]$", "-", true), ("^[\\w.-]+$", "a.b-c_9", true), ("^.$", "\n", false),
    ("^.$", "\u{2028}", false), ("^.$", "🐲", true), ("^🐲*$", "🐲🐲", true), ("^.$", "e\u{301}", false),
    ("^\\d+$", "०", false), ("^\\p{Nd}+$", "०", true), ("^\\p{Lu}\\p{Letter}*$", "Äß", true), ("^\\P{L}$", "ß", false),
    ("^[\\p{L}\\d]+$", "ß9", true), ("^[^\\P{L}]$", "ß", true), ("^\\s$", "\u{FEFF}", true), ("^\\S$", "\u{A0}", false),
    ("\\bcat\\b", "a cat.", true), ("\\bcat\\b", "concat", false), ("\\Bcat", "concat", true),
    ("^\\cC$", "\u{3}", true),
    ("^\\x41\\u0042\\u{43}\\ud83d\\ude00$", "ABC😀", true), ("^\\/\\.\\@$", "/.@", true), ("^x{$", "x{", true),
    ("^[\\b]$", "\u{8}", true), ("^\\0$", "\0", true), ("a$b", "a$b", false), ("^[a-z]+$", "abc\n", false),
  ])
  func matchesAsECMAScriptDoes(pattern: String, text: String, isMatch: Bool) throws {
    #expect(try Pattern(pattern).matches(text) == isMatch)
  }

  @Test(arguments: [
    ("(a", "a group without its ')'", 2), ("a)", "an unmatched ')'", 1), ("*a", "nothing to repeat", 0),
    ("a**", "nothing to repeat", 2), ("[a", "a class without its ']'", 2), ("[b-a]", "a range that is out of order", 4),
    ("a{3,2}", "a repetition whose bounds are out of order", 6), ("\\", "a '\\' at the end", 1),
    ("\\Z", "an unknown escape '\\Z'", 2), ("\\p{Klingon}", "an unknown property 'Klingon'", 3),
    ("^*", "an assertion cannot be repeated", 2), ("a\\b+", "an assertion cannot be repeated", 4),
    ("(?x)", "an unknown kind of group", 1),
    ("(?=a)", "look-around '(?=' is not supported, since its time could not be bounded,", 3),
    ("(a)\\1", "back-references are not supported, since their time could not be bounded,", 4),
    ("\\ud800", "an escape of no Unicode scalar", 6), ("a{99999}", "a repetition of more than 10000", 8),
  ])
  func refusesWhatIsNoPatternOrCannotBeSafe(pattern: String, message: String, offset: Int) {
    #expect(throws: PatternError(message: message, offset: offset)) { try Pattern(pattern) }
  }

  @Test func refusesAPatternThatGrowsTooLarge() {
    #expect(throws: PatternError.self) { try Pattern("((a{100}){100}){100}") }
    #expect(throws: PatternError.self) {
      try Pattern(String(repeating: "(", count: 100) + String(repeating: ")", count: 100))
    }
  }

  /// Each of these takes a backtracking engine longer than the age of the world.
  @Test(arguments: [
    ("(a+)+$", String(repeating: "a", count: 100_000) + "b"),
    ("^(a|a)*$", String(repeating: "a", count: 100_000) + "b"),
    ("^(\\w+\\s?)*$", String(repeating: "word ", count: 20_000) + "!"),
    ("^(.*a){12}$", String(repeating: "a", count: 2_000) + "\n"),
    ("^(\\p{L}+)+$", String(repeating: "ß", count: 5_000) + "1"),
    ("\\b(a?){50}a{50}\\b", String(repeating: "a", count: 49)),
  ])
  func takesTimeThatGrowsWithTheTextOnly(pattern: String, text: String) throws {
    let pattern = try Pattern(pattern)
    let time = ContinuousClock().measure { #expect(!pattern.matches(text)) }
    #expect(time < .seconds(10))
  }

  /// The table and the run are two automata for one program.
  @Test func answersTheSameWithAndWithoutATable() throws {
    var random = SeededRandom(seed: 7)
    for _ in 0..<300 {
      let source = RandomPattern.make(&random, depth: 3)
      let program = try PatternProgram(PatternParser.parse(source))
      guard let table = PatternTable(program) else { continue }
      for _ in 0..<20 {
        let text = Array(RandomPattern.text(&random).utf8)[...]
        #expect(table.matches(text) == program.matches(text), "pattern \(source), text \(Array(text)), seed 7")
      }
    }
  }
}
