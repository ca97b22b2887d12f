import TestSupport
import Testing

@testable import Documents

struct WordSearchTests {
  private func finds(_ words: [String], in texts: String...) throws -> Bool {
    let texts = try texts.map { try JSONText(parsing: "\"\($0)\"").root }
    return WordSearch(words).finds(in: texts)
  }

  @Test func wordsAreFoundInAnyCaseInsideOfWordsAndInDifferentTexts() throws {
    #expect(try finds(["SWIFT", "6"], in: "What changed in Swift 6.3?"))
    #expect(try finds(["swift", "neu"], in: "Was ist NEU?", "in sWiFt"))
    #expect(try !finds(["swift", "rust"], in: "Swift"))
    #expect(try finds(["grün", "straße"], in: "GRÜNE STRAßE"))
    #expect(try finds(["新闻"], in: "最近的新闻有哪些"))
    #expect(try finds(["i̇stanbul"], in: "İstanbul"), "one letter becomes two")
    #expect(try !finds(["ab"], in: "a", "b"), "a word does not go on in the next text")
    #expect(try !finds(["x"], in: ""))
  }

  @Test func whatIsEscapedIsFoundAsWhatItMeans() throws {
    #expect(try finds(["\"größe\"", "a/b"], in: #"\"Gr\u00D6\u00DFe\" a\/b"#))
    #expect(try finds(["a\tb"], in: #"A\tB"#))
    #expect(try finds(["😀x"], in: #"\uD83D\uDE00X"#) && finds(["😀x"], in: "😀X"))
    #expect(try !finds(["n"], in: #"\n"#))
  }

  @Test func onlyStringsAreSearched() throws {
    let root = try JSONText(parsing: #"{"a": ["word"], "b": {"word": "word"}, "c": 12}"#).root
    #expect(!WordSearch(["word"]).finds(in: root.members.map(\.value)))
    #expect(!WordSearch(["1"]).finds(in: root.members.map(\.value)))
  }

  /// Against folding everything and comparing everywhere.
  @Test(arguments: [1, 2, 3] as [UInt64])
  func whatIsFoundIsWhatComparingEverywhereFinds(seed: UInt64) throws {
    var random = RepeatableRandom(seed: seed)
    let letters: [Character] = ["a", "A", "b", "B", "ä", "Ä", "ß", "İ", "中", "\n", "\"", "\\", "😀"]
    func text(_ count: Int) -> String { String((0..<count).map { _ in letters.randomElement(using: &random)! }) }
    var found = 0
    for _ in 0..<2_000 {
      let texts = (0..<2).map { _ in text(Int.random(in: 0..<30, using: &random)) }
      let words = (0..<2).map { _ in text(Int.random(in: 1..<5, using: &random)) }
      let expected = words.allSatisfy { word in texts.contains { holds(Array($0.lowercased().utf8), word) } }
      let nodes = texts.map { JSONText(formatting: .string($0)).root }
      #expect(WordSearch(words).finds(in: nodes) == expected, "seed \(seed) \(words) \(texts)")
      if expected { found += 1 }
    }
    #expect(found > 100 && found < 1_900)
  }

  private func holds(_ text: [UInt8], _ word: String) -> Bool {
    let word = Array(word.lowercased().utf8)
    guard text.count >= word.count else { return false }
    return (0...text.count - word.count).contains { text[$0..<$0 + word.count].elementsEqual(word) }
  }
}
