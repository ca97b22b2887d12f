import Sodium
import Testing

@Suite struct PaddingTests {
  @Test func padsWithOneMarkAndZerosToWholeBlocks() throws {
    for count in 0...100 {
      let content = try randomBytes(count)
      var padded = content
      try Padding.pad(&padded, toBlocksOf: 32)
      #expect(padded.count == (count / 32 + 1) * 32)
      #expect(padded == content + [0x80] + [UInt8](repeating: 0, count: padded.count - count - 1))
      try Padding.unpad(&padded, fromBlocksOf: 32)
      #expect(padded == content)
    }
  }

  @Test func leavesAContentThatLooksLikePaddingWhole() throws {
    for content in [[0x80], [0, 0, 0], [0x80, 0, 0], [UInt8](repeating: 0x80, count: 32)] as [[UInt8]] {
      var bytes = content
      try Padding.pad(&bytes, toBlocksOf: 32)
      try Padding.unpad(&bytes, fromBlocksOf: 32)
      #expect(bytes == content)
    }
  }

  @Test func takesNothingOffWherePaddingIsMissing() {
    let noMark = [UInt8](repeating: 0, count: 32)
    let noZeros = [0x80] + [UInt8](repeating: 1, count: 31)
    for bytes in [[], [0x80], noMark, noZeros] as [[UInt8]] {
      var unpadded = bytes
      #expect(throws: SodiumError.cannotOpen) { try Padding.unpad(&unpadded, fromBlocksOf: 32) }
      #expect(unpadded == bytes)
    }
  }
}
