import Testing

@testable import Git

/// Deltas of both makers, applied by a reader of a few lines that shares nothing with ours.
@Suite struct DeltaTests {
  /// A content, and another made of it by a few edits of every kind.
  private func versions(_ numbers: inout SeededNumbers) -> (old: [UInt8], new: [UInt8]) {
    let length = [0, 5, 40, 900, 5_000, 20_000].randomElement(using: &numbers) ?? 0
    // Few letters make many repetitions, which is what a search stumbles over.
    let letters = UInt8([1, 3, 90].randomElement(using: &numbers) ?? 1)
    let old = (0..<length).map { _ in UInt8.random(in: 32..<(32 + letters), using: &numbers) }
    var new = old
    for _ in 0..<Int.random(in: 0..<8, using: &numbers) {
      let from = Int.random(in: 0...new.count, using: &numbers)
      let to = min(new.count, from + Int.random(in: 0..<400, using: &numbers))
      let part = Array(new[from..<to])
      switch Int.random(in: 0..<4, using: &numbers) {
      case 0: new.removeSubrange(from..<to)
      case 1: new.insert(contentsOf: part, at: Int.random(in: 0...new.count, using: &numbers))
      case 2: new.insert(contentsOf: Array("\(numbers.next())".utf8), at: from)
      default: new.replaceSubrange(from..<to, with: part.map { $0 &+ 1 })
      }
    }
    return (old, new)
  }

  /// Git's format read as its documentation has it.
  private func apply(_ delta: [UInt8], to source: [UInt8]) -> [UInt8] {
    var rest = delta[...]
    func size() -> Int {
      var (value, shift) = (0, 0)
      while let byte = rest.popFirst() {
        value |= Int(byte & 127) << shift
        shift += 7
        if byte < 128 { break }
      }
      return value
    }
    #expect(size() == source.count)
    let count = size()
    var target: [UInt8] = []
    while let instruction = rest.popFirst() {
      if instruction < 128 {
        target += rest.prefix(Int(instruction))
        rest = rest.dropFirst(Int(instruction))
        continue
      }
      var fields = [Int](repeating: 0, count: 7)
      for bit in 0..<7 where instruction >> UInt8(bit) & 1 == 1 { fields[bit] = Int(rest.removeFirst()) }
      let offset = fields[0] | fields[1] << 8 | fields[2] << 16 | fields[3] << 24
      let length = fields[4] | fields[5] << 8 | fields[6] << 16
      target += source[offset..<(offset + (length == 0 ? 65_536 : length))]
    }
    #expect(target.count == count)
    return target
  }

  @Test(arguments: 1...8 as ClosedRange<UInt64>)
  func whatADeltaMakesIsTheNewVersion(seed: UInt64) throws {
    var numbers = SeededNumbers(seed: seed)
    for _ in 0..<60 {
      let (old, new) = versions(&numbers)
      let searched = try #require(DeltaSearch.delta(from: old, to: new, most: .max))
      #expect(apply(searched, to: old) == new)
      #expect(try Delta.applied(searched, to: old) == new)
      if let quick = Delta.between(old, new) {
        #expect(apply(quick, to: old) == new)
        // A run that is split at 64 KiB, or met in another place, costs a few bytes.
        #expect(searched.count <= quick.count + quick.count / 10 + 8)
      }
    }
  }

  @Test func severalSmallChangesMakeASmallDelta() throws {
    var numbers = SeededNumbers(seed: 5)
    let old = (0..<4_000).map { _ in UInt8.random(in: 0...255, using: &numbers) }
    var new = old
    for place in [10, 1_000, 2_000, 3_900] { new.insert(contentsOf: [1, 2, 3], at: place) }
    let delta = try #require(DeltaSearch.delta(from: old, to: new, most: .max))
    #expect(delta.count < 60)
    #expect(DeltaSearch.delta(from: old, to: new, most: 20) == nil)
  }

  @Test func theTimeIsLinearWhateverTheContent() {
    let repeated = [UInt8](repeating: 97, count: 4 << 20)
    var other = repeated
    for place in stride(from: 5, to: other.count, by: 50) { other[place] = 98 }
    let clock = ContinuousClock()
    let time = clock.measure { _ = DeltaSearch.delta(from: repeated, to: other, most: .max) }
    #expect(time < .seconds(30), "a search that looks at every pair of places would take hours")
  }

  @Test func aDamagedDeltaIsRefused() throws {
    var numbers = SeededNumbers(seed: 9)
    for _ in 0..<400 {
      let (old, new) = versions(&numbers)
      guard var delta = DeltaSearch.delta(from: old, to: new, most: .max) else { continue }
      if Bool.random(using: &numbers) {
        delta.removeLast(Int.random(in: 1...delta.count, using: &numbers))
      } else {
        delta[Int.random(in: 0..<delta.count, using: &numbers)] ^= UInt8.random(in: 1...255, using: &numbers)
      }
      // It may still fit by chance; what matters is that nothing is read beyond either end.
      do { _ = try Delta.applied(delta, to: old) } catch { #expect(error.code == .damaged) }
    }
  }
}
