/// JSON with bytes beside it, as one body: `application/vnd.daybook.frames`.
///
/// A body is frames, one behind the other. A frame is its length in bytes, as four bytes with the most significant first,
/// and then so many bytes. The first frame is the JSON; the others are its parts, which it names by their numbers from 1
/// on. So bytes travel as they are: no Base64, a third longer, and no search for boundaries.
enum Frames {
  static let lengthBytes = 4

  /// Nil when the frames are not well formed, or there is none.
  static func decode(_ bytes: [UInt8]) -> (json: [UInt8], parts: [[UInt8]])? {
    var rest = bytes[...]
    var frames: [[UInt8]] = []
    while !rest.isEmpty {
      guard rest.count >= lengthBytes, frames.count <= Limits.framedParts else { return nil }
      let length = rest.prefix(lengthBytes).reduce(0) { $0 << 8 | Int($1) }
      rest = rest.dropFirst(lengthBytes)
      guard length <= rest.count else { return nil }
      frames.append(Array(rest.prefix(length)))
      rest = rest.dropFirst(length)
    }
    guard let json = frames.first else { return nil }
    return (json, Array(frames.dropFirst()))
  }

  static func encode(_ json: [UInt8], _ parts: [[UInt8]]) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(parts.reduce(json.count) { $0 + $1.count } + lengthBytes * (parts.count + 1))
    for frame in [json] + parts {
      for shift in stride(from: 24, through: 0, by: -8) {
        bytes.append(UInt8(truncatingIfNeeded: frame.count >> shift))
      }
      bytes += frame
    }
    return bytes
  }
}
