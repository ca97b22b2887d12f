import Documents
import Sodium
import Testing

@testable import Daybook

@Suite struct KeyRingSealingTests {
  private let plaintext = Array(#""correct horse""#.utf8)

  private func place(_ member: String = "key") throws -> FieldPlace {
    FieldPlace(storeID: thisStore, address: try address("profiles", "one"), path: FieldPath(steps: [.member(member)]))
  }

  private func ring(_ states: DataKey.State...) throws -> KeyRing {
    KeyRing(storeID: thisStore, keys: try states.map { try DataKey(created: "", state: $0, secret: .random()) })
  }

  @Test func opensWhatItSealedAtEveryLength() throws {
    let ring = try ring(.active)
    for count in 0...100 {
      let plaintext = try randomBytes(count)
      let envelope = try ring.seal(plaintext, at: place())
      #expect(envelope.keyID == ring.active?.id)
      #expect(envelope.box.count == SecretBox.overheadByteCount + (count / 32 + 1) * 32)
      #expect(try ring.open(Envelope(parsing: envelope.text), at: place()) == plaintext)
    }
  }

  @Test func aFlippedBitAnywhereDoesNotOpen() throws {
    let ring = try ring(.active)
    let whole = try ring.seal(plaintext, at: place())
    for bit in 0..<whole.nonce.count * 8 {
      var harmed = whole
      harmed.nonce = flip(bit, of: whole.nonce)
      #expect(throws: SealingError.doesNotOpen) { try ring.open(harmed, at: place()) }
    }
    for bit in 0..<whole.box.count * 8 {
      var harmed = whole
      harmed.box = flip(bit, of: whole.box)
      #expect(throws: SealingError.doesNotOpen) { try ring.open(harmed, at: place()) }
    }
    for bit in 0..<whole.keyID.bytes.count * 8 {
      var harmed = whole
      harmed.keyID = try #require(KeyID(flip(bit, of: whole.keyID.bytes)))
      #expect(throws: SealingError.unknownKey(harmed.keyID)) { try ring.open(harmed, at: place()) }
    }
  }

  /// The same on the text as it stands in a document: it is refused in its form, or as a value.
  @Test func aFlippedBitAnywhereInTheTextDoesNotOpen() throws {
    let ring = try ring(.active)
    let text = Array(try ring.seal(plaintext, at: place()).text.utf8)
    for bit in 0..<text.count * 8 {
      guard let harmed = String(validating: flip(bit, of: text), as: UTF8.self) else { continue }
      #expect(throws: (any Error).self, "bit \(bit)") { try ring.open(Envelope(parsing: harmed), at: place()) }
    }
  }

  @Test func aBoxUnderTheNameOfAnotherKeyDoesNotOpen() throws {
    let ring = try ring(.active, .openOnly)
    var envelope = try ring.seal(plaintext, at: place())
    envelope.keyID = ring.keys[1].id
    #expect(throws: SealingError.doesNotOpen) { try ring.open(envelope, at: place()) }
  }

  @Test func anotherPlaceDoesNotOpen() throws {
    let ring = try ring(.active)
    let envelope = try ring.seal(plaintext, at: place("key"))
    #expect(throws: SealingError.doesNotOpen) { try ring.open(envelope, at: place("other")) }
  }

  @Test func anotherRingLacksTheKey() throws {
    let envelope = try ring(.active).seal(plaintext, at: place())
    #expect(throws: SealingError.unknownKey(envelope.keyID)) { try ring(.active).open(envelope, at: place()) }
  }

  @Test func onlyAnActiveKeySealsAndTheOthersStillOpen() throws {
    let sealing = try ring(.active)
    let envelope = try sealing.seal(plaintext, at: place())
    var key = sealing.keys[0]

    key.state = .openOnly
    let opening = KeyRing(storeID: thisStore, keys: [key])
    #expect(try opening.open(envelope, at: place()) == plaintext)
    #expect(throws: SealingError.noActiveKey) { try opening.seal(plaintext, at: place()) }

    key.state = .retired
    let retired = KeyRing(storeID: thisStore, keys: [key])
    #expect(try retired.open(envelope, at: place()) == plaintext)
    #expect(throws: SealingError.noActiveKey) { try retired.seal(plaintext, at: place()) }
  }
}
