import CSodium

/// 32 secret bytes in guarded memory that is kept out of core dumps, out of swap as far as the system's limit on locked
/// memory allows, and is wiped when the key goes away.
///
/// A class, so that a key ring can hand one key to many sealing threads without copying its bytes.
@safe
package final class SecretKey: Sendable {
  package static let byteCount = 32

  /// Where the bytes are: an integer, since the compiler rightly lets no pointer be shared between threads. The bytes are
  /// written by `init` only, which makes the memory read-only before the key is handed out.
  private let address: UInt

  /// A fresh random key.
  package static func random() throws(SodiumError) -> SecretKey {
    try unsafe SecretKey { unsafe randombytes_buf($0, byteCount) }
  }

  /// Takes over the bytes of a key; the caller's copy is the caller's to wipe.
  package convenience init(bytes: [UInt8]) throws(SodiumError) {
    guard bytes.count == Self.byteCount else {
      throw .wrongLength(expected: Self.byteCount, found: bytes.count)
    }
    try unsafe self.init { unsafe $0.update(from: bytes, count: Self.byteCount) }
  }

  /// Makes a key whose bytes `fill` writes, so that they never lie in memory of another kind.
  init(filledBy fill: (UnsafeMutablePointer<UInt8>) -> Void) throws(SodiumError) {
    try Library.ensureStarted()
    guard let memory = unsafe sodium_malloc(Self.byteCount) else {
      throw .unavailable("no guarded memory is left for a key")
    }
    unsafe fill(memory.assumingMemoryBound(to: UInt8.self))
    guard unsafe sodium_mprotect_readonly(memory) == 0 else {
      unsafe sodium_free(memory)
      throw .unavailable("the memory of a key cannot be made read-only")
    }
    address = UInt(bitPattern: memory)
  }

  deinit {
    unsafe sodium_free(UnsafeMutableRawPointer(bitPattern: address))
  }

  /// Lends the bytes for the length of a call.
  func withBytes<Result>(_ body: (UnsafePointer<UInt8>) -> Result) -> Result {
    guard let memory = unsafe UnsafeRawPointer(bitPattern: address) else {
      preconditionFailure("The memory of a key is never at the null address.")
    }
    return unsafe body(memory.assumingMemoryBound(to: UInt8.self))
  }

  /// A copy of the bytes, for writing a key ring file; the caller wipes it.
  package func exportedBytes() -> [UInt8] {
    unsafe withBytes { unsafe Array(UnsafeBufferPointer(start: $0, count: Self.byteCount)) }
  }
}
