import Sodium
import Testing

@Suite struct MessageCodeTests {
  private let key = Result { try SecretKey(bytes: Array(0..<32)) }

  /// The expected bytes come from Python's `hmac` and `hashlib`.
  @Test func isHMACWithSHA256() throws {
    let key = try key.get()
    #expect(
      try MessageCode.code(for: Array("daybook".utf8), with: key)
        == bytes("71d5da38ad15369357596be1866d2e88e77fd28813d84849b95a3aa6add3eadb"))
    #expect(
      try MessageCode.code(for: [], with: key)
        == bytes("d38b42096d80f45f826b44a9d5607de72496a415d3f4a1a8c88e3bb9da8dc1cb"))
  }

  @Test func onlyTheCodeOfThisMessageAndKeyIsTaken() throws {
    let key = try key.get()
    let message = Array("daybook".utf8)
    let code = try MessageCode.code(for: message, with: key)
    #expect(MessageCode.isCode(code, for: message, with: key))
    for bit in 0..<code.count * 8 { #expect(!MessageCode.isCode(flip(bit, of: code), for: message, with: key)) }
    for bit in 0..<message.count * 8 { #expect(!MessageCode.isCode(code, for: flip(bit, of: message), with: key)) }
    for count in [0, 31, 33] {
      #expect(!MessageCode.isCode([UInt8](repeating: 0, count: count), for: message, with: key))
    }
    #expect(!MessageCode.isCode(code, for: message, with: try SecretKey.random()))
  }

  @Test func aDigestIsBLAKE2bWithoutAKey() throws {
    #expect(
      try Digest.of(Array("daybook".utf8))
        == bytes("06583ad4a12dc4af6e719eddfcb2a4dd2cea495cc587751ac8e3d66cc9b1f98c"))
    #expect(try Digest.of([]) == bytes("0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8"))
    #expect(Digest.areEqual([1, 2], [1, 2]) && !Digest.areEqual([1, 2], [1, 3]) && !Digest.areEqual([1], [1, 2]))
  }
}
