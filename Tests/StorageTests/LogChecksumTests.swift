import Storage
import TestSupport
import Testing

@Suite struct LogChecksumTests {
  @Test(arguments: [8, 16, 40, 48, 56, 96, 144, 152]) func seesEveryFlippedBit(count: Int) {
    var random = RepeatableRandom(seed: UInt64(count))
    for bytes in [
      [UInt8](repeating: 0, count: count), (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) },
    ] {
      let expected = logChecksum(bytes.span, seed: 1)
      for bit in 0..<count * 8 {
        var flipped = bytes
        flipped[bit / 8] ^= 1 << (bit % 8)
        let checksum = logChecksum(flipped.span, seed: 1)
        #expect(checksum != expected, "bit \(bit)")
      }
    }
  }

  @Test func dependsOnLengthAndSeed() {
    var seen: Set<UInt64> = []
    for words in 0..<40 {
      for seed in 0..<40 {
        let zeros = [UInt8](repeating: 0, count: words * 8)
        expectEqual(
          seen.insert(logChecksum(zeros.span, seed: UInt64(seed))).inserted, true, "\(words) words, seed \(seed)")
      }
    }
  }
}
