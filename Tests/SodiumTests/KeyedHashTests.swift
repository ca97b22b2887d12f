import Sodium
import Testing

@Suite struct KeyedHashTests {
  private let key = Result { try SecretKey(bytes: Array(0..<32)) }

  /// The expected bytes come from Python's `hashlib.blake2b`.
  @Test func isKeyedBLAKE2bAtEveryLength() throws {
    let key = try key.get()
    let message = Array("daybook".utf8)
    #expect(try KeyedHash.hash(message, with: key, byteCount: 16) == bytes("278b1fb029c92fcf2e61e634cd200bff"))
    #expect(
      try KeyedHash.hash(message, with: key, byteCount: 32)
        == bytes("2a6dddf99ab6e19f195eb94eb0d7c0f384c7ba9ef53454d240c4668893a84ca7"))
    #expect(
      try KeyedHash.hash([], with: key, byteCount: 32)
        == bytes("4e51e7a913fc80137da52880fecca175bf81e117d5c68126dc2774033517ea0d"))
    #expect(
      try KeyedHash.hash(message, with: key, byteCount: 64)
        == bytes(
          """
          82f245e11927b8722c64342f9f3aa84d505d61cb11b8f7dd8fca093a5be43e16\
          efdbbe00aeaadd20c79bd70f7dfdc4eb0e570d5481549adf7c0293551ab3fa1c
          """))
  }

  @Test func aDerivedKeyIsTheHashOfTheMessageInFull() throws {
    let key = try key.get()
    let derived = try KeyedHash.derivedKey(Array("daybook".utf8), from: key)
    #expect(try derived.exportedBytes() == KeyedHash.hash(Array("daybook".utf8), with: key, byteCount: 32))
  }

  @Test func anyOtherMessageOrKeyDerivesAnotherKey() throws {
    let message = try randomBytes(40)
    let secret = try randomBytes(32)
    var seen = Set([try KeyedHash.derivedKey(message, from: SecretKey(bytes: secret)).exportedBytes()])
    for bit in 0..<message.count * 8 {
      let derived = try KeyedHash.derivedKey(flip(bit, of: message), from: SecretKey(bytes: secret))
      #expect(seen.insert(derived.exportedBytes()).inserted, "bit \(bit) of the message")
    }
    for bit in 0..<secret.count * 8 {
      let derived = try KeyedHash.derivedKey(message, from: SecretKey(bytes: flip(bit, of: secret)))
      #expect(seen.insert(derived.exportedBytes()).inserted, "bit \(bit) of the key")
    }
  }
}
