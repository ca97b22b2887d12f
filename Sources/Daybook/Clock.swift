package import Documents
import Storage

/// The time of day, as a value that tests can hand in.
struct Clock: Sendable {
  /// Milliseconds since 1970, UTC.
  let milliseconds: @Sendable () -> Int64

  static let system = Clock { SystemTime.milliseconds }

  /// A new id: its first bits are this moment, the rest is random.
  func makeID() -> UUIDv7 {
    var generator = SystemRandomNumberGenerator()
    let randomness = (0..<UUIDv7.randomByteCount).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    return UUIDv7.make(millisecondsSinceEpoch: milliseconds(), randomness: randomness)
  }
}

extension Store {
  /// A new id, as documents of kinds with ids of the store's own get.
  package func makeID() -> DocumentID { parts.makeID() }

  /// The time by the clock that the ids of its documents come from.
  package var now: Timestamp { Timestamp(milliseconds: parts.clock.milliseconds()) }
}

extension Duration {
  /// In whole milliseconds: none for what is below zero, and 34 years for what is longer.
  var milliseconds: Int {
    let longest: Int64 = 1 << 40
    let (seconds, attoseconds) = components
    if seconds < 0 { return 0 }
    return seconds > longest / 1_000 ? Int(longest) : Int(seconds * 1_000 + attoseconds / 1_000_000_000_000_000)
  }
}
