import Sodium
import Testing

@testable import Daybook

@Suite struct EnvelopeTests {
  private func envelope(blocks: Int = 1) throws -> Envelope {
    let id = try #require(KeyID(randomBytes(KeyID.byteCount)))
    let box = try randomBytes(SecretBox.overheadByteCount + blocks * KeyRing.paddingBlockBytes)
    return Envelope(keyID: id, nonce: try randomBytes(SecretBox.nonceByteCount), box: box)
  }

  @Test func readsBackWhatItPrints() throws {
    for blocks in 1...20 {
      let envelope = try envelope(blocks: blocks)
      #expect(try Envelope(parsing: envelope.text) == envelope)
    }
  }

  @Test func printsFivePartsInBase64WithoutPadding() throws {
    let envelope = Envelope(
      keyID: try #require(KeyID([UInt8](repeating: 0xFF, count: 16))), nonce: [UInt8](repeating: 0, count: 24),
      box: [UInt8](repeating: 0xFB, count: 48))
    let key = "_____________________w"
    let nonce = String(repeating: "A", count: 32)
    let box = String(repeating: "-_v7", count: 16)
    #expect(envelope.text == "sealed:1:\(key):\(nonce):\(box)")
  }

  @Test func aTextThatDiffersInOneCharacterIsAnotherEnvelopeOrNone() throws {
    let envelope = try envelope()
    let text = Array(envelope.text.utf8)
    for position in text.indices {
      for character in Array("AZaz09-_:=+/ ".utf8) where character != text[position] {
        var changed = text
        changed[position] = character
        let parsed = try? Envelope(parsing: String(decoding: changed, as: UTF8.self))
        #expect(parsed != envelope, "character \(position) as \(Character(Unicode.Scalar(character)))")
      }
    }
  }

  @Test func refusesEveryTextThatIsCutShortOrGoesOn() throws {
    let text = try envelope().text
    for count in 0..<text.count {
      #expect(throws: EnvelopeError.malformed) { try Envelope(parsing: String(text.prefix(count))) }
    }
    for more in ["A", "=", ":", " ", "\n", "\0", ":AAAA"] {
      #expect(throws: EnvelopeError.malformed) { try Envelope(parsing: text + more) }
      #expect(throws: EnvelopeError.malformed) { try Envelope(parsing: more + text) }
    }
  }

  @Test func refusesPartsOfTheWrongLength() throws {
    let whole = try envelope()
    func text(_ key: [UInt8], _ nonce: [UInt8], _ box: [UInt8]) -> String {
      let parts = [key, nonce, box].map { String(decoding: Base64URL.encode($0), as: UTF8.self) }
      return "sealed:1:" + parts.joined(separator: ":")
    }
    #expect(try Envelope(parsing: text(whole.keyID.bytes, whole.nonce, whole.box)) == whole)
    for wrong in [
      text([], whole.nonce, whole.box), text(whole.keyID.bytes + [1], whole.nonce, whole.box),
      text(whole.keyID.bytes, whole.nonce.dropLast(), whole.box), text(whole.keyID.bytes, [], whole.box),
      text(whole.keyID.bytes, whole.nonce, []), text(whole.keyID.bytes, whole.nonce, whole.box + [1]),
      text(whole.keyID.bytes, whole.nonce, Array(whole.box.prefix(SecretBox.overheadByteCount))),
    ] {
      #expect(throws: EnvelopeError.malformed) { try Envelope(parsing: wrong) }
    }
  }

  @Test func tellsALaterVersionFromNonsense() {
    for later in ["sealed:2:whatever", "sealed:2:a:b:c:d", "sealed:12:x", "sealed:999:"] {
      #expect(throws: EnvelopeError.newerFormat) { try Envelope(parsing: later) }
    }
    for nonsense in ["sealed:", "sealed::", "sealed:0:x", "sealed:01:x", "sealed:-1:x", "sealed:x:y", "sealed:1000:x"] {
      #expect(throws: EnvelopeError.malformed) { try Envelope(parsing: nonsense) }
    }
  }

  @Test func onlyItsOwnPrefixClaimsToBeSealed() {
    #expect(Envelope.isClaimed(by: "sealed:") && Envelope.isClaimed(by: "sealed:anything"))
    for text in ["", "sealed", "Sealed:1", " sealed:1", Envelope.mask] {
      #expect(!Envelope.isClaimed(by: text))
    }
  }
}
