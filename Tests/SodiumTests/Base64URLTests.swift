import Sodium
import Testing

@Suite struct Base64URLTests {
  @Test(arguments: [
    ("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg"), ("fooba", "Zm9vYmE"),
    ("foobar", "Zm9vYmFy"),
  ])
  func writesTheVectorsOfTheStandardWithoutPadding(_ content: String, _ text: String) {
    #expect(Base64URL.encode(Array(content.utf8)) == Array(text.utf8))
    #expect(Base64URL.decode(text.utf8) == Array(content.utf8))
  }

  @Test func usesTheAlphabetForAddresses() {
    #expect(Base64URL.encode([0xFB, 0xFF, 0xFE]) == Array("-__-".utf8))
  }

  @Test func readsBackWhatItWroteAtEveryLength() throws {
    for count in 0...70 {
      let content = try randomBytes(count)
      #expect(Base64URL.decode(Base64URL.encode(content)) == content)
    }
  }

  @Test(arguments: [
    "Z", "Zg==", "Zg=", "Zh", "Zm9", "Zm+v", "Zm/v", "Zm9v ", " Zm9v", "Zm\n9v", "Zm9v\0", "Zm9vä", "A",
  ])
  func refusesEverythingButTheOneTextOfSomeBytes(_ text: String) {
    #expect(Base64URL.decode(text.utf8) == nil)
  }

  /// Every text of up to three characters is either refused or exactly what the bytes are written as.
  @Test func noBytesHaveTwoTexts() {
    let alphabet = Array("AQZaz019-_=+".utf8)
    var texts: [[UInt8]] = [[]]
    for _ in 0..<3 {
      texts = texts + texts.flatMap { text in alphabet.map { text + [$0] } }
    }
    for text in Set(texts) {
      if let decoded = Base64URL.decode(text) { #expect(Base64URL.encode(decoded) == text) }
    }
  }
}
