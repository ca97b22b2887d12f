import Sodium
import Testing

@Suite struct PasswordTextTests {
  private let password = Array("correct horse battery".utf8)

  @Test func aTextRecognizesItsPasswordAndNoOther() throws {
    let text = try PasswordHash.text(for: password, cost: .least)
    #expect(text.hasPrefix("$argon2id$v=19$m=8,t=1,p=1$"))
    #expect(try PasswordHash.matches(password, text))
    for other in [[], Array("correct horse batterY".utf8), password + [0], Array(password.dropLast())] {
      #expect(try !PasswordHash.matches(other, text))
    }
  }

  @Test func equalPasswordsHaveDifferentTexts() throws {
    let texts = try (0..<5).map { _ in try PasswordHash.text(for: password, cost: .least) }
    #expect(Set(texts).count == 5)
  }

  @Test func theUsualCostIsWrittenIntoTheText() throws {
    let text = try PasswordHash.text(for: password, cost: .interactive)
    #expect(text.hasPrefix("$argon2id$v=19$m=65536,t=2,p=1$"))
    #expect(try PasswordHash.matches(password, text))
  }

  @Test(arguments: ["", "$argon2id$", "plain", "$argon2id$v=19$m=8,t=1,p=1$AAAA", String(repeating: "$", count: 4_000)])
  func aTextThatIsNoneMatchesNothing(text: String) throws {
    #expect(try !PasswordHash.matches(password, text))
  }
}
