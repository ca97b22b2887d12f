/// The name that a user signs in with, and the id of the user's document: 1 to 64 small letters, digits and `. _ - @ +`,
/// beginning with a letter or a digit. Capital letters are taken for small ones, so nobody has two names. What stands for
/// something else in addresses of the service, below `/api/v1/users`, is no name.
struct AccountName: Hashable {
  let text: String

  private static let longest = 64

  /// Nil for a text that cannot be a name.
  init?(_ name: String) {
    let bytes = name.utf8.map { byte in
      (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte + 0x20 : byte
    }
    guard (1...Self.longest).contains(bytes.count), bytes.first.map(Self.isLetterOrDigit) == true,
      bytes.allSatisfy({ Self.isLetterOrDigit($0) || Self.others.contains($0) })
    else { return nil }
    text = String(decoding: bytes, as: UTF8.self)
    if Self.taken.contains(text) { return nil }
  }

  private static let taken: Set<String> = ["me", "settings"]

  private static let others = Set("._-@+".utf8)

  private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }
}
