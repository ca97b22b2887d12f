import Documents
import Sodium
import Testing

@testable import Daybook

@Suite struct SealerTests {
  private let secrets = secretPaths("api_key", "headers.*", "endpoints.[].token")
  private let sealer = Result { try Sealer.fresh() }

  private func seal(_ text: String, previous: JSONText? = nil, by sealer: Sealer? = nil) throws -> JSONText {
    try (sealer ?? self.sealer.get()).seal(
      JSONText(parsing: text), secrets: secrets, address: address("profiles/llm", "one"), previous: previous)
  }

  private func reveal(_ text: JSONText, by sealer: Sealer? = nil) throws -> String {
    try (sealer ?? self.sealer.get()).reveal(text, secrets: secrets, address: address("profiles/llm", "one")).string
  }

  private func key(_ text: JSONText) throws -> String { try #require(text.root["api_key"]?.string) }

  @Test func sealsEverySecretAndLeavesTheRestToTheByte() throws {
    let text = #"""
      {"name":   "One", "api_key": "abc",
        "headers": {"a": "x", "b": null},  "endpoints": [ {"token":"t","id":"eu"} ],
        "n": 1.50, "plain": "abc" }
      """#
    let sealed = try seal(text)
    var expected = text
    for (path, plain) in [("api_key", #""abc""#), ("headers", #""x""#), ("endpoints", #""t""#)] {
      let node = try #require(sealed.root[path])
      let value = node.string ?? node["a"]?.string ?? node.element(0)?["token"]?.string
      let envelope = try #require(value)
      #expect(try Envelope(parsing: envelope).text == envelope)
      let place = try #require(expected.firstRange(of: plain))
      expected.replaceSubrange(place, with: "\"\(envelope)\"")
    }
    #expect(sealed.string == expected)
    #expect(try reveal(sealed) == text)
  }

  @Test(arguments: ["", " ", "\"", "\\", "\n\t\r\u{8}\u{C}\u{1}\u{1F}\u{7F}", "ä€😀\u{2028}", "sealed", "null", "{}"])
  func givesBackEveryStringThatItSealed(_ value: String) throws {
    let text = JSONText.canonicalBytes(of: value)
    let sealed = try seal("{\"api_key\": \(String(decoding: text, as: UTF8.self))}")
    #expect(try key(sealed).hasPrefix(Envelope.prefix))
    let revealed = try JSONText(parsing: reveal(sealed))
    #expect(revealed.root["api_key"]?.string == value)
  }

  @Test func secretsOfLikeLengthCannotBeToldApartByLength() throws {
    let lengths = Set(
      try (0..<30).map { try key(seal("{\"api_key\": \"\(String(repeating: "k", count: $0))\"}")).count })
    // The quotes and the mark of the padding take three of the 32 bytes.
    #expect(lengths.count == 1)
    #expect(try !lengths.contains(key(seal("{\"api_key\": \"\(String(repeating: "k", count: 30))\"}")).count))
  }

  @Test func anUnchangedPlaintextKeepsItsBytes() throws {
    let before = try seal(#"{"api_key": "abc", "headers": {"a": "x"}}"#)
    let after = try seal(#"{"api_key": "\u0061bc", "headers": {"a": "y"}}"#, previous: before)
    #expect(try key(after) == key(before))
    #expect(after.root["headers"]?["a"]?.string != before.root["headers"]?["a"]?.string)
    #expect(try reveal(after) == #"{"api_key": "abc", "headers": {"a": "y"}}"#)
  }

  @Test func theSameTextTwiceIsSealedDifferentlyWithoutAPrevious() throws {
    #expect(try key(seal(#"{"api_key": "abc"}"#)) != key(seal(#"{"api_key": "abc"}"#)))
  }

  @Test func theMaskKeepsWhatIsStored() throws {
    let before = try seal(#"{"api_key": "abc", "endpoints": [{"id": "a", "token": "1"}, {"id": "b", "token": "2"}]}"#)
    let masked = #"{"endpoints": [{"id": "b", "token": "‹sealed›"}, {"id": "a", "token": "3"}], "api_key": "‹sealed›"}"#
    let after = try seal(masked, previous: before)
    #expect(try key(after) == key(before))
    #expect(
      after.root["endpoints"]?.element(0)?["token"]?.string == before.root["endpoints"]?.element(1)?["token"]?.string)
    #expect(try JSONText(parsing: reveal(after)).root["endpoints"]?.element(1)?["token"]?.string == "3")
    #expect(
      try seal(masked.replacing(#""3""#, with: #""‹sealed›""#), previous: before, by: sealer.get().with(nil)).bytes
        .count > 0)
  }

  @Test func theMaskNeedsSomethingStoredToStandFor() throws {
    for previous in [nil, "{}", #"{"api_key": null}"#, #"{"api_key": 1}"#, #"{"api_key": "‹sealed›"}"#] as [String?] {
      let error = storeError {
        _ = try seal(#"{"api_key": "‹sealed›"}"#, previous: previous.map { try JSONText(parsing: $0) })
      }
      #expect(error?.code == .invalid)
    }
  }

  @Test func theMaskSealsAValueFromBeforeItWasASecret() throws {
    let after = try seal(#"{"api_key": "‹sealed›"}"#, previous: JSONText(parsing: #"{"api_key": "old"}"#))
    #expect(try reveal(after) == #"{"api_key": "old"}"#)
  }

  @Test func anEnvelopeIsKeptWhenItIsStoredHereOrOpensHere() throws {
    let sealed = try seal(#"{"api_key": "abc"}"#)
    #expect(try seal(sealed.string, previous: sealed) == sealed)
    #expect(try seal(sealed.string) == sealed)
    #expect(try seal(sealed.string, previous: sealed, by: sealer.get().with(nil)) == sealed)
    #expect(storeError { _ = try seal(sealed.string, by: sealer.get().with(nil)) }?.code == .keyMissing)
  }

  @Test func aValueThatOnlyClaimsToBeSealedIsRefused() throws {
    for value in ["sealed:", "sealed:1:a:b:c", "sealed:my own secret"] {
      let text = try JSONText(parsing: "{\"api_key\": \"\(value)\"}")
      #expect(storeError { _ = try seal(text.string) }?.code == .invalid)
      #expect(storeError { _ = try seal(text.string, previous: text) }?.code == .invalid)
    }
  }

  @Test func aValueOfALaterVersionIsKeptButNeverTakenIn() throws {
    let text = try JSONText(parsing: #"{"api_key": "sealed:2:later"}"#)
    #expect(try seal(text.string, previous: text) == text)
    #expect(storeError { _ = try seal(text.string) }?.code == .newerFormat)
    #expect(storeError { _ = try reveal(text) }?.code == .newerFormat)
  }

  @Test func onlyStringsAreSealed() throws {
    for value in ["1", "true", "[]", "{}", #"["abc"]"#] {
      #expect(storeError { _ = try seal("{\"api_key\": \(value)}") }?.code == .invalid)
    }
    #expect(try seal(#"{"api_key": null}"#).string == #"{"api_key": null}"#)
  }

  @Test func aSecretInAnElementWithoutIDIsRefused() throws {
    for text in [
      #"{"endpoints": [{"token": "t"}]}"#, #"{"endpoints": [{"id": 1, "token": "t"}]}"#,
      #"{"endpoints": [{"id": "a", "token": "t"}, {"id": "a", "token": "t"}]}"#,
    ] {
      let error = storeError { _ = try seal(text) }
      #expect(error?.code == .refused)
      #expect(error?.message.contains("profiles/llm/one") == true)
      #expect(error?.hint?.contains("\"id\"") == true)
    }
    #expect(try seal(#"{"endpoints": [{"token": null}]}"#).string == #"{"endpoints": [{"token": null}]}"#)
  }

  @Test func aDocumentWithoutSecretsNeedsNoKey() throws {
    let keyless = try sealer.get().with(nil)
    #expect(try seal(#"{"name": "x", "api_key": null}"#, by: keyless).string == #"{"name": "x", "api_key": null}"#)
  }

  @Test func withoutARingTheErrorTellsWhereItBelongs() throws {
    let keyless = try sealer.get().with(nil)
    let sealed = try seal(#"{"api_key": "abc"}"#)
    for error in [
      storeError { _ = try seal(#"{"api_key": "abc"}"#, by: keyless) },
      storeError { _ = try reveal(sealed, by: keyless) },
    ] {
      #expect(error?.code == .keyMissing)
      #expect(error?.document == "profiles/llm/one")
      #expect(error?.hint?.contains("/ring.json") == true)
    }
  }

  @Test func aRotatedRingKeepsUnchangedValuesAndSealsNewOnesWithItsActiveKey() throws {
    let old = try sealer.get()
    let before = try seal(#"{"api_key": "abc"}"#)
    var key = try #require(old.ring?.keys[0])
    key.state = .openOnly
    let fresh = try DataKey(created: "", state: .active, secret: .random())
    let rotated = try old.with(KeyRing(storeID: thisStore, keys: [key, fresh]))
    #expect(try seal(#"{"api_key": "abc"}"#, previous: before, by: rotated) == before)
    let after = try seal(#"{"api_key": "new"}"#, previous: before, by: rotated)
    #expect(try Envelope(parsing: self.key(after)).keyID == fresh.id)

    let opening = try old.with(KeyRing(storeID: thisStore, keys: [key]))
    #expect(try reveal(before, by: opening) == #"{"api_key": "abc"}"#)
    #expect(storeError { _ = try seal(#"{"api_key": "new"}"#, by: opening) }?.code == .keyMissing)
  }

  @Test func masksEverySecretWithoutAKey() throws {
    let text = try JSONText(
      parsing:
        #"{"api_key":"plain", "headers": {"a": "", "b": null, "c": 1}, "endpoints": [{"token": "t"}, {}], "n": "x"}"#)
    #expect(
      try Sealer.mask(text, secrets: secrets).string
        == #"{"api_key":"‹sealed›", "headers": {"a": "‹sealed›", "b": null, "c": "‹sealed›"}, "endpoints": [{"token": "‹sealed›"}, {}], "n": "x"}"#
    )
    let sealed = try seal(#"{"api_key": "abc"}"#)
    #expect(try Sealer.mask(sealed, secrets: secrets).string == #"{"api_key": "‹sealed›"}"#)
  }

  @Test func aValueThatIsNotSealedYetIsRevealedAsItIs() throws {
    #expect(try reveal(JSONText(parsing: #"{"api_key": "old"}"#)) == #"{"api_key": "old"}"#)
  }
}
