import Sodium
import Testing

@Suite struct SecretBoxTests {
  @Test func opensWhatItSealedAtEveryLengthUpToThreeBlocks() throws {
    let key = try SecretKey.random()
    for count in 0...96 {
      let plaintext = try randomBytes(count)
      let (nonce, box) = try SecretBox.seal(plaintext, with: key)
      #expect(nonce.count == SecretBox.nonceByteCount)
      #expect(box.count == count + SecretBox.overheadByteCount)
      #expect(try SecretBox.open(box, nonce: nonce, with: key) == plaintext)
    }
  }

  @Test func opensTheBoxThatNaClPublishesAsItsTestVector() throws {
    let opened = try SecretBox.open(Published.box, nonce: Published.nonce, with: SecretKey(bytes: Published.key))
    #expect(opened == Published.message)
  }

  @Test func aFlippedBitAnywhereInNonceOrBoxDoesNotOpen() throws {
    let key = try SecretKey.random()
    let (nonce, box) = try SecretBox.seal(Array("correct horse".utf8), with: key)
    for bit in 0..<nonce.count * 8 {
      #expect(throws: SodiumError.cannotOpen) { try SecretBox.open(box, nonce: flip(bit, of: nonce), with: key) }
    }
    for bit in 0..<box.count * 8 {
      #expect(throws: SodiumError.cannotOpen) { try SecretBox.open(flip(bit, of: box), nonce: nonce, with: key) }
    }
  }

  @Test func noFlippedBitOfTheKeyOpens() throws {
    let bytes = try randomBytes(SecretKey.byteCount)
    let (nonce, box) = try SecretBox.seal(Array("correct horse".utf8), with: SecretKey(bytes: bytes))
    for bit in 0..<bytes.count * 8 {
      let other = try SecretKey(bytes: flip(bit, of: bytes))
      #expect(throws: SodiumError.cannotOpen) { try SecretBox.open(box, nonce: nonce, with: other) }
    }
  }

  @Test func aBoxOrNonceOfTheWrongLengthDoesNotOpen() throws {
    let key = try SecretKey.random()
    let (nonce, box) = try SecretBox.seal([], with: key)
    for count in 0..<box.count {
      #expect(throws: SodiumError.cannotOpen) { try SecretBox.open(Array(box.prefix(count)), nonce: nonce, with: key) }
    }
    for wrong in [[], Array(nonce.dropLast()), nonce + [0]] {
      #expect(throws: SodiumError.cannotOpen) { try SecretBox.open(box, nonce: wrong, with: key) }
    }
  }

  @Test func sealingTheSameTwiceGivesUnrelatedBoxes() throws {
    let key = try SecretKey.random()
    let sealed = try (0..<200).map { _ in try SecretBox.seal([1, 2, 3], with: key) }
    #expect(Set(sealed.map(\.nonce)).count == sealed.count)
    #expect(Set(sealed.map(\.box)).count == sealed.count)
  }
}

/// The test vector of NaCl's `tests/secretbox.c`.
private enum Published {
  static let key = bytes("1b27556473e985d462cd51197a9a46c76009549eac6474f206c4ee0844f68389")
  static let nonce = bytes("69696ee955b62b73cd62bda875fc73d68219e0036b7a0b37")
  static let message = bytes(
    """
    be075fc53c81f2d5cf141316ebeb0c7b5228c52a4c62cbd44b66849b64244ffce5ecbaaf33bd751a1ac728d45e6c61296cdc3c01233561f4\
    1db66cce314adb310e3be8250c46f06dceea3a7fa1348057e2f6556ad6b1318a024a838f21af1fde048977eb48f59ffd4924ca1c60902e52\
    f0a089bc76897040e082f937763848645e0705
    """)
  static let box = bytes(
    """
    f3ffc7703f9400e52a7dfb4b3d3305d98e993b9f48681273c29650ba32fc76ce48332ea7164d96a4476fb8c531a1186ac0dfc17c98dce87b\
    4da7f011ec48c97271d2c20f9b928fe2270d6fb863d51738b48eeee314a7cc8ab932164548e526ae90224368517acfeabd6bb3732bc0e9da\
    99832b61ca01b6de56244a9e88d5f9b37973f622a43d14a6599b1f654cb45a74e355a5
    """)
}
