import CSodium

/// The C library as a whole: it has to be started once before anything else is asked of it.
enum Library {
  private static let started = sodium_init() >= 0

  /// Starts the library unless it is running; cheap to call again, and safe from several threads.
  static func ensureStarted() throws(SodiumError) {
    guard started else { throw .unavailable("it did not start") }
  }
}

/// Bytes from the system's generator.
package func randomBytes(_ count: Int) throws(SodiumError) -> [UInt8] {
  try Library.ensureStarted()
  var bytes = [UInt8](repeating: 0, count: count)
  unsafe randombytes_buf(&bytes, count)
  return bytes
}

/// Overwrites bytes that were secret and leaves none. Only the last holder of an array can do that for good: while
/// another one shares the storage, its copy stays.
package func wipe(_ bytes: inout [UInt8]) {
  let count = bytes.count
  unsafe sodium_memzero(&bytes, count)
  bytes = []
}
