import Testing

@testable import DaybookServer

struct PercentEncodingTests {
  @Test(arguments: [("a%20b", "a b"), ("%E4%BD%A0", "你"), ("plain", "plain"), ("a+b", "a+b"), ("%2e%2E", "..")])
  func aTextIsDecoded(text: String, decoded: String) {
    #expect(PercentEncoding.decode(text) == decoded)
  }

  @Test(arguments: ["%", "%z", "%zz", "a%2", "%FF", "%C0%AF"])
  func whatIsNotWellEncodedIsRefused(text: String) {
    #expect(PercentEncoding.decode(text) == nil)
  }

  @Test func aQueryIsTakenApart() throws {
    let pairs = try #require(PercentEncoding.pairs(ofQuery: "where=a%3D1&where=b+c&flag&&x=1=2"))
    #expect(pairs.map { "\($0.name)|\($0.value)" } == ["where|a=1", "where|b c", "flag|", "x|1=2"])
  }

  @Test func whatWasEncodedReadsTheSameAgain() {
    for text in ["profiles/llm/a b", "你好/x", "a%b+c?d#e"] {
      #expect(PercentEncoding.decode(PercentEncoding.encode(text)) == text)
    }
  }
}
