import Documents
import Sodium
import TestSupport
import Testing

@testable import DaybookRuntime

struct AccessTokenTests {
  private let token = AccessToken(user: "ann", session: "s", tokenVersion: 3, issuedAt: 1_000, expiresAt: 1_900)
  private let key: AccessToken.Key
  private let other: AccessToken.Key

  init() throws {
    key = AccessToken.Key(id: "k1", try SecretKey(bytes: Array(0..<32)))
    other = AccessToken.Key(id: "k2", try SecretKey(bytes: Array(1..<33)))
  }

  private func read(_ text: String, now: Int64 = 1_500, issuer: String = "us") throws(AccessToken.Flaw) -> AccessToken {
    try AccessToken(parsing: text, issuer: issuer, keys: [key, other], now: now)
  }

  /// A text with the right signature, whatever it says.
  private func signed(_ header: String, _ claims: String, _ key: AccessToken.Key) throws -> String {
    func word(_ bytes: [UInt8]) -> String { String(decoding: Base64URL.encode(bytes), as: UTF8.self) }
    let message = "\(word(Array(header.utf8))).\(word(Array(claims.utf8)))"
    return "\(message).\(word(try MessageCode.code(for: Array(message.utf8), with: key.secret)))"
  }

  private static let header = #"{"alg":"HS256","typ":"at+jwt","kid":"k1"}"#
  private static let claims =
    #"{"iss":"us","aud":"daybook","sub":"ann","sid":"s","ver":3,"iat":1000,"exp":1900}"#

  @Test func aTokenIsReadAsItWasWritten() throws {
    for key in [key, other] { #expect(try read(token.text(issuer: "us", key: key)) == token) }
    #expect(try token.text(issuer: "us", key: key) == signed(Self.header, Self.claims, key))
  }

  @Test func aTokenCountsUntilItsTimeIsOverAndNotBeforeItWasIssued() throws {
    let text = try token.text(issuer: "us", key: key)
    #expect(try read(text, now: 1_899) == token)
    #expect(throws: AccessToken.Flaw.expired) { try read(text, now: 1_900) }
    #expect(try read(text, now: 940) == token)
    #expect(throws: AccessToken.Flaw.expired) { try read(text, now: 939) }
  }

  @Test func noCharacterCanBeChangedAddedOrTakenAway() throws {
    let text = try token.text(issuer: "us", key: key)
    let characters = Array(text)
    for place in characters.indices {
      for replacement in ["A", "z", ".", "=", "-", ""] where replacement != String(characters[place]) {
        var changed = characters.map(String.init)
        changed[place] = replacement
        #expect(throws: AccessToken.Flaw.forged, "\(replacement) at \(place)") { try read(changed.joined()) }
      }
    }
    for end in [".", "=", " ", "\n", "A"] {
      #expect(throws: AccessToken.Flaw.forged) { try read(text + end) }
    }
  }

  @Test(arguments: [
    #"{"alg":"none","typ":"at+jwt","kid":"k1"}"#, #"{"alg":"None"}"#, #"{"alg":"HS512","typ":"at+jwt","kid":"k1"}"#,
    #"{"alg":"RS256","typ":"at+jwt","kid":"k1"}"#, #"{"alg":"HS256","typ":"JWT","kid":"k1"}"#,
    #"{"alg":"HS256","typ":"at+jwt","kid":"k3"}"#, #"{"alg":"HS256","typ":"at+jwt","kid":"k1","jku":"http://x"}"#,
    #"{"alg":"HS256","typ":"at+jwt","kid":"k2"}"#, #"{"typ":"at+jwt","alg":"HS256","kid":"k1"}"#, "{}", "",
  ])
  func noOtherHeaderIsTakenThoughTheSignatureIsRight(header: String) throws {
    #expect(throws: AccessToken.Flaw.forged) { try read(try signed(header, Self.claims, key)) }
    let unsigned = try signed(header, Self.claims, key).split(separator: ".").dropLast().joined(separator: ".")
    for text in [unsigned, unsigned + "."] { #expect(throws: AccessToken.Flaw.forged) { try read(text) } }
  }

  @Test(arguments: [
    #"{"iss":"them","aud":"daybook","sub":"ann","sid":"s","ver":3,"iat":1000,"exp":1900}"#,
    #"{"iss":"us","aud":"others","sub":"ann","sid":"s","ver":3,"iat":1000,"exp":1900}"#,
    #"{"iss":"us","aud":"daybook","sub":1,"sid":"s","ver":3,"iat":1000,"exp":1900}"#,
    #"{"iss":"us","aud":"daybook","sub":"ann","ver":3,"iat":1000,"exp":1900}"#,
    #"{"iss":"us","aud":"daybook","sub":"ann","sid":"s","iat":1000,"exp":1900}"#,
    #"{"iss":"us","aud":"daybook","sub":"ann","sid":"s","ver":3,"iat":1000}"#,
    #"{"iss":"us","aud":"daybook","sub":"ann","sid":"s","ver":3,"iat":1000,"exp":"1900"}"#,
    #"{"iss":"us","aud":"daybook","sub":"ann","sid":"s","ver":3,"iat":2000,"exp":1900}"#,
    #"{"iss":"us","aud":"daybook","sub":"ann","sub":"bob","sid":"s","ver":3,"iat":1000,"exp":1900}"#, "[]", "",
  ])
  func claimsThatAreNotOursAreNotTakenThoughTheSignatureIsRight(claims: String) throws {
    #expect(throws: AccessToken.Flaw.forged) { try read(try signed(Self.header, claims, key)) }
  }

  @Test func aKeyOfAnotherStoreSignsNothingHere() throws {
    let stranger = AccessToken.Key(id: "k1", try SecretKey.random())
    #expect(throws: AccessToken.Flaw.forged) { try read(token.text(issuer: "us", key: stranger)) }
    #expect(throws: AccessToken.Flaw.forged) { try read(token.text(issuer: "us", key: key), issuer: "them") }
  }

  @Test(arguments: 0..<20) func randomTextsAreForgedAndDoNoHarm(seed: Int) throws {
    var random = RepeatableRandom(seed: UInt64(seed))
    let text = Array(try token.text(issuer: "us", key: key).utf8)
    for _ in 0..<200 {
      var bytes = text
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        let place = Int.random(in: bytes.indices, using: &random)
        bytes[place] = UInt8.random(in: 0...255, using: &random)
      }
      if bytes == text { continue }
      #expect(throws: AccessToken.Flaw.forged) { try read(String(decoding: bytes, as: UTF8.self)) }
    }
    #expect(throws: AccessToken.Flaw.forged) { try read(String(repeating: ".", count: 100_000)) }
  }

  @Test func anOpaqueTokenIsReadAsItWasWrittenAndNothingElseIs() throws {
    let id = "0190b8a0-7b3c-7def-8000-0123456789ab"
    let secrets = [try OpaqueToken.makeSecret(), try OpaqueToken.makeSecret()]
    let refresh = OpaqueToken(.refresh, id: id, secrets: secrets)
    let agent = OpaqueToken(.agent, id: id, secrets: [secrets[0]])
    for token in [refresh, agent] { #expect(OpaqueToken(parsing: token.text) == token) }
    for text in [
      "", ".", "daybook-agent", "daybook-agent.\(id)", "daybook-agent.\(id).\(secrets[0]).\(secrets[1])",
      "daybook-refresh.\(id).\(secrets[0])", "daybook-agent.../x.\(secrets[0])", "daybook-agent.\(id).AAAA",
      "daybook-agent.\(id.uppercased()).\(secrets[0])", agent.text + "\n", " " + agent.text,
    ] {
      #expect(OpaqueToken(parsing: text) == nil, "\(text)")
    }
    #expect(try OpaqueToken.isDigest(OpaqueToken.digest(of: secrets[0]), of: secrets[0]))
    #expect(try !OpaqueToken.isDigest(OpaqueToken.digest(of: secrets[0]), of: secrets[1]))
    #expect(try !OpaqueToken.isDigest(nil, of: secrets[0]))
  }

  @Test(arguments: ["ann", "a", "0", "ann@example.org", "a.b_c-d+e", String(repeating: "a", count: 64)])
  func aNameIsTakenInSmallLetters(text: String) {
    #expect(AccountName(text)?.text == text)
    #expect(AccountName(text.uppercased())?.text == text)
  }

  @Test(arguments: [
    "", "a b", "a/b", "..", ".a", "-a", "änn", "a\n", "a\0", "\u{212A}ate", "<a>", String(repeating: "a", count: 65),
  ])
  func whatCannotBeANameIsNone(text: String) {
    #expect(AccountName(text) == nil)
  }
}
