/// What libsodium, or a sealed value, would not do.
package enum SodiumError: Error, Hashable, CustomStringConvertible {
  /// The library did not start, or could not get guarded memory.
  case unavailable(String)
  /// The box does not open: another key, another place, or damage.
  case cannotOpen
  /// A key of the wrong length.
  case wrongLength(expected: Int, found: Int)

  package var description: String {
    switch self {
    case .unavailable(let reason): "libsodium is not available: \(reason)"
    case .cannotOpen: "the sealed value does not open"
    case .wrongLength(let expected, let found): "expected \(expected) bytes, found \(found)"
    }
  }
}
