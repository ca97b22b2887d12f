import CSodium

extension PasswordHash.Cost {
  /// The library's "interactive": less than a tenth of a second, and 64 MiB.
  package static let interactive = PasswordHash.Cost(passes: 2, memoryBytes: 64 << 20)
}

extension PasswordHash {
  /// A text by which a password is recognized and from which it cannot be had, with its salt and cost in it:
  /// `$argon2id$v=19$m=65536,t=2,p=1$…$…`. The caller wipes the password.
  package static func text(for password: [UInt8], cost: Cost) throws(SodiumError) -> String {
    precondition(cost.isAcceptable, "The cost of a password's text is chosen by the program.")
    try Library.ensureStarted()
    var password = password.map { CChar(bitPattern: $0) }
    let count = password.count
    defer { unsafe sodium_memzero(&password, count) }
    var text = [CChar](repeating: 0, count: crypto_pwhash_strbytes())
    let status = unsafe crypto_pwhash_str_alg(
      &text, password, UInt64(count), UInt64(cost.passes), cost.memoryBytes, crypto_pwhash_alg_argon2id13())
    guard status == 0 else {
      throw .unavailable("\(cost.memoryBytes >> 20) MiB of memory are needed to take a password")
    }
    return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// Whether a text was made at this cost: whoever guesses pays no more than what it says.
  package static func isText(_ text: String, of cost: Cost) throws(SodiumError) -> Bool {
    try Library.ensureStarted()
    guard let characters = characters(of: text) else { return false }
    return unsafe crypto_pwhash_str_needs_rehash(characters, UInt64(cost.passes), cost.memoryBytes) == 0
  }

  /// A text with the zeros behind it that the library wants; nil for one that it has not made.
  private static func characters(of text: String) -> [CChar]? {
    guard text.utf8.count < crypto_pwhash_strbytes(), !text.utf8.contains(0) else { return nil }
    let characters = text.utf8.map { CChar(bitPattern: $0) }
    return characters + [CChar](repeating: 0, count: crypto_pwhash_strbytes() - characters.count)
  }

  /// Whether a text was made for this password. Takes what the text says that it costs. The caller wipes the password.
  package static func matches(_ password: [UInt8], _ text: String) throws(SodiumError) -> Bool {
    try Library.ensureStarted()
    guard let characters = characters(of: text) else { return false }
    var password = password.map { CChar(bitPattern: $0) }
    let count = password.count
    defer { unsafe sodium_memzero(&password, count) }
    return unsafe crypto_pwhash_str_verify(characters, password, UInt64(count)) == 0
  }
}
