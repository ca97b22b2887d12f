/// One entry of a pack: what it says of itself, and where its content stands.
struct PackEntry {
  /// What a delta is to be applied to.
  enum Base {
    case none
    case offset(Int)
    case id(ObjectID)
  }

  static let deltaByOffset: UInt8 = 6
  static let deltaByReference: UInt8 = 7

  let type: UInt8
  /// Of the content: for a delta, of the instructions.
  let size: Int
  let base: Base
  /// Where the base stands in the same pack.
  var baseOffset: Int?
  /// The zlib stream.
  let stream: Range<Int>

  /// - Parameter offset: Where in its pack the entry stands, if `pack` is not the whole of it.
  init(_ pack: [UInt8], _ range: Range<Int>, standingAt offset: Int? = nil) throws(GitError) {
    let offset = offset ?? range.lowerBound
    var cursor = range.lowerBound
    func next() throws(GitError) -> UInt8 {
      guard cursor < range.upperBound else { throw PackSource.damaged("an entry that is cut short") }
      cursor += 1
      return pack[cursor - 1]
    }
    var byte = try next()
    type = byte >> 4 & 7
    var (size, shift) = (Int(byte & 15), 4)
    while byte & 0x80 != 0 {
      byte = try next()
      size |= Int(byte & 0x7F) << shift
      shift += 7
      guard shift < 50 else { throw PackSource.damaged("an entry of an impossible size") }
    }
    guard size <= PackSource.maximumObjectBytes else { throw PackSource.damaged("an object that is too large") }
    self.size = size
    switch type {
    case Self.deltaByOffset:
      byte = try next()
      var distance = Int(byte & 0x7F)
      while byte & 0x80 != 0 {
        byte = try next()
        distance = (distance + 1) << 7 | Int(byte & 0x7F)
        guard distance < offset else { break }
      }
      guard distance > 0, distance < offset else { throw PackSource.damaged("a delta without its base") }
      base = .offset(offset - distance)
      baseOffset = offset - distance
    case Self.deltaByReference:
      guard cursor + ObjectID.byteCount < range.upperBound else {
        throw PackSource.damaged("an entry that is cut short")
      }
      base = .id(ObjectID(pack, at: cursor))
      cursor += ObjectID.byteCount
    default: base = .none
    }
    guard cursor + 2 <= range.upperBound else { throw PackSource.damaged("an entry that is cut short") }
    stream = cursor..<range.upperBound
  }

  var isDelta: Bool { type == Self.deltaByOffset || type == Self.deltaByReference }

  /// Whether the stream's second byte says that it was compressed with some care, not just wrapped up.
  func isCompressed(in pack: [UInt8]) -> Bool { pack[stream.lowerBound + 1] >> 6 != 0 }

  /// Spells what an entry begins with: its type and size.
  static func appendHead(_ type: UInt8, size: Int, to pack: inout [UInt8]) {
    var byte = type << 4 | UInt8(size & 15)
    var rest = size >> 4
    while rest > 0 {
      pack.append(byte | 0x80)
      byte = UInt8(rest & 0x7F)
      rest >>= 7
    }
    pack.append(byte)
  }

  /// Spells how far back a base stands, as Git does: 7 bits a byte, high first, each continuation counting one more.
  static func appendDistance(_ distance: Int, to pack: inout [UInt8]) {
    var bytes = [UInt8(distance & 0x7F)]
    var rest = distance >> 7
    while rest > 0 {
      rest -= 1
      bytes.append(UInt8(rest & 0x7F) | 0x80)
      rest >>= 7
    }
    pack.append(contentsOf: bytes.reversed())
  }
}
