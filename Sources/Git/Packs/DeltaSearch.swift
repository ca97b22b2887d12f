/// Finds a small delta between two versions of a content, also where it changed in several places.
///
/// Places of the source are entered by the eight bytes that stand there into a table. The target is gone through once:
/// where it goes on as the source does, or eight bytes of it stand in the table, the longest such run is copied, and
/// stretched back over what was about to be inserted. Each byte is looked at a bounded number of times, so the time
/// is linear in both lengths, whatever they hold.
struct DeltaSearch: ~Copyable {
  /// The shortest run worth a copy: such an instruction takes about six bytes.
  private static let window = 8
  /// How far apart the entered places are, as long as there are not too many of them.
  private static let stride = 4
  private static let maximumPlaces = 1 << 16
  /// How many places with the same hash are tried.
  private static let maximumTries = 8

  private let source: [UInt8]
  /// For each hash the first place with it, counted in strides; -1 for none.
  private var heads: [Int32]
  /// For each place the next one with its hash.
  private var next: [Int32]
  private let stride: Int
  private let shift: UInt64

  private struct Run {
    var source: Int
    var count: Int
  }

  /// The delta that makes `target` of `source`; nil when it would be longer than `most`.
  static func delta(from source: [UInt8], to target: [UInt8], most: Int) -> [UInt8]? {
    let prefix = Delta.commonPrefix(source[...], target[...])
    let suffix = Delta.commonSuffix(source, target, most: min(source.count, target.count) - prefix)
    var writer = DeltaWriter(sourceCount: source.count, targetCount: target.count)
    writer.copy(offset: 0, count: prefix)
    if target.count - prefix - suffix <= 4 * window {
      writer.insert(target[prefix..<(target.count - suffix)])
      writer.copy(offset: source.count - suffix, count: suffix)
    } else {
      let search = DeltaSearch(in: source)
      guard search.write(target, from: prefix, most: most, to: &writer) else { return nil }
    }
    let delta = writer.finish()
    return delta.count <= most ? delta : nil
  }

  private init(in source: [UInt8]) {
    self.source = source
    let stride = max(Self.stride, source.count / Self.maximumPlaces + 1)
    let places = max(0, (source.count - Self.window) / stride + 1)
    let bits = max(4, UInt64(Int.bitWidth - places.leadingZeroBitCount))
    (self.stride, shift) = (stride, 64 - bits)
    heads = [Int32](repeating: -1, count: 1 << Int(bits))
    next = [Int32](repeating: -1, count: places)
    guard source.count >= Self.window else { return }
    // Backwards, so that a list begins with the place that comes first.
    for place in (0..<places).reversed() {
      let hash = Self.hash(Self.word(source, place * stride), shift)
      next[place] = heads[hash]
      heads[hash] = Int32(place)
    }
  }

  private static func word(_ bytes: [UInt8], _ offset: Int) -> UInt64 {
    unsafe bytes.withUnsafeBytes { unsafe $0.loadUnaligned(fromByteOffset: offset, as: UInt64.self) }
  }

  private static func hash(_ word: UInt64, _ shift: UInt64) -> Int {
    Int(truncatingIfNeeded: (word &* 0x9E37_79B9_7F4A_7C15) >> shift)
  }

  /// Writes what follows the common beginning; false when it gets longer than `most`.
  private borrowing func write(_ target: [UInt8], from start: Int, most: Int, to writer: inout DeltaWriter) -> Bool {
    var cursor = start
    /// Where what is not written yet begins.
    var pending = start
    /// Where the source goes on, if a change of the same length stands here.
    var aligned = start
    while cursor + Self.window <= target.count {
      guard var run = longestRun(target, cursor, aligned) else {
        cursor += 1
        aligned += 1
        continue
      }
      while cursor > pending, run.source > 0, target[cursor - 1] == source[run.source - 1] {
        cursor -= 1
        run.source -= 1
        run.count += 1
      }
      writer.insert(target[pending..<cursor])
      writer.copy(offset: run.source, count: run.count)
      guard writer.byteCount <= most else { return false }
      cursor += run.count
      aligned = run.source + run.count
      pending = cursor
    }
    writer.insert(target[pending...])
    return true
  }

  private borrowing func longestRun(_ target: [UInt8], _ cursor: Int, _ aligned: Int) -> Run? {
    let word = Self.word(target, cursor)
    var best = Run(source: 0, count: 0)
    if aligned + Self.window <= source.count, Self.word(source, aligned) == word {
      best = Run(source: aligned, count: matchLength(target, cursor, aligned))
    }
    guard !next.isEmpty else { return nil }
    var place = Int(heads[Self.hash(word, shift)])
    var tries = 0
    while place >= 0, tries < Self.maximumTries {
      let offset = place * stride
      if Self.word(source, offset) == word {
        let count = matchLength(target, cursor, offset)
        if count > best.count { best = Run(source: offset, count: count) }
      }
      place = Int(next[place])
      tries += 1
    }
    return best.count > 0 ? best : nil
  }

  private borrowing func matchLength(_ target: [UInt8], _ cursor: Int, _ offset: Int) -> Int {
    Delta.commonPrefix(target[cursor...], source[offset...])
  }
}
