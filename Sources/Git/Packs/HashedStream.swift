import Crypto

/// Reads bytes one after the other, through a window, and hashes what it goes past.
struct HashedStream {
  private static let windowBytes = 1 << 20

  private let source: ByteSource
  private var window: [UInt8] = []
  /// How much of the window lies behind.
  private var used = 0
  /// How far it has come.
  private(set) var position = 0
  private var all = SHA256()
  private var pack = Insecure.SHA1()
  private var entryChecksum: UInt32 = 0

  init(_ source: ByteSource) {
    self.source = source
  }

  var isAtEnd: Bool { position == source.count }
  var count: Int { source.count }

  /// What comes next, at most `count` bytes; fewer at the end.
  mutating func peek(_ count: Int) throws -> ArraySlice<UInt8> {
    if window.count - used < count { try fill() }
    return window[used..<min(used + count, window.count)]
  }

  /// What comes next, as much of it as is at hand: nothing at the end only.
  mutating func available() throws -> ArraySlice<UInt8> {
    if used == window.count { try fill() }
    return window[used...]
  }

  private mutating func fill() throws {
    let start = position + window.count - used
    guard start < source.count else { return }
    let more = try source.read(start..<min(start + Self.windowBytes, source.count))
    window.removeSubrange(..<used)
    used = 0
    window.append(contentsOf: more)
    unsafe more.withUnsafeBytes { unsafe all.update(bufferPointer: $0) }
  }

  /// Goes past bytes that are at hand.
  mutating func advance(_ count: Int) {
    let passed = window[used..<(used + count)]
    unsafe passed.withUnsafeBytes { unsafe pack.update(bufferPointer: $0) }
    entryChecksum = Zlib.crc32(of: passed, after: entryChecksum)
    used += count
    position += count
  }

  /// Reads so many bytes, which must be few.
  mutating func read(_ count: Int) throws -> [UInt8] {
    let bytes = Array(try peek(count))
    guard bytes.count == count else { throw ByteSource.isCutShort }
    advance(count)
    return bytes
  }

  // MARK: Checksums

  mutating func beginPack() { pack = Insecure.SHA1() }
  mutating func beginEntry() { entryChecksum = 0 }

  /// The CRC-32 of what was passed since the entry began.
  var crc: UInt32 { entryChecksum }

  /// The SHA-1 of what was passed since the pack began.
  var packChecksum: ObjectID { ObjectID(digest: pack.finalize()) }

  /// The SHA-256 of the whole source, once the end is reached.
  var sha256: String { SHA256.hex(all) }
}

extension SHA256 {
  static func hex(_ hash: SHA256) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: hash.finalize().flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }
}
