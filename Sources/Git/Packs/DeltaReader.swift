/// Applies deltas, also those that other programs made: nothing in one is believed without looking.
extension Delta {
  /// What the delta makes of `source`. Throws when it is cut short, or made for another source.
  static func applied(_ delta: [UInt8], to source: [UInt8]) throws(GitError) -> [UInt8] {
    var reader = DeltaReader(delta)
    guard let sourceCount = reader.size(), let targetCount = reader.size(), sourceCount == source.count,
      targetCount <= PackSource.maximumObjectBytes
    else { throw DeltaReader.damaged }
    var target: [UInt8] = []
    target.reserveCapacity(targetCount)
    while let part = try reader.next() {
      switch part {
      case .copy(let range):
        guard range.upperBound <= source.count else { throw DeltaReader.damaged }
        target.append(contentsOf: source[range])
      case .insert(let range): target.append(contentsOf: delta[range])
      }
      guard target.count <= targetCount else { throw DeltaReader.damaged }
    }
    guard target.count == targetCount else { throw DeltaReader.damaged }
    return target
  }
}

private struct DeltaReader {
  /// Which bytes come next: of the source, or of the delta itself.
  enum Part {
    case copy(Range<Int>)
    case insert(Range<Int>)
  }

  static let damaged = GitError(.damaged, "read a pack", "a delta does not fit its base")

  private let delta: [UInt8]
  private var cursor = 0

  init(_ delta: [UInt8]) {
    self.delta = delta
  }

  mutating func size() -> Int? {
    var (size, shift) = (0, 0)
    while cursor < delta.count, shift < 49 {
      let byte = delta[cursor]
      cursor += 1
      size |= Int(byte & 0x7F) << shift
      if byte & 0x80 == 0 { return size }
      shift += 7
    }
    return nil
  }

  mutating func next() throws(GitError) -> Part? {
    guard cursor < delta.count else { return nil }
    let instruction = delta[cursor]
    cursor += 1
    if instruction & 0x80 != 0 {
      let offset = try number(instruction, bytes: 4)
      let count = try number(instruction >> 4, bytes: 3)
      return .copy(offset..<(offset + (count == 0 ? 0x1_0000 : count)))
    }
    let count = Int(instruction)
    guard count > 0, cursor + count <= delta.count else { throw Self.damaged }
    cursor += count
    return .insert((cursor - count)..<cursor)
  }

  /// A number of which the instruction's low bits say which bytes follow.
  private mutating func number(_ present: UInt8, bytes: Int) throws(GitError) -> Int {
    var number = 0
    for byte in 0..<bytes where present >> UInt8(byte) & 1 != 0 {
      guard cursor < delta.count else { throw Self.damaged }
      number |= Int(delta[cursor]) << (8 * byte)
      cursor += 1
    }
    return number
  }
}
