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

  /// Whether a text was made for this password. Takes what the text says that it costs. The caller wipes the password.
  package static func matches(_ password: [UInt8], _ text: String) throws(SodiumError) -> Bool {
    try Library.ensureStarted()
    guard text.utf8.count < crypto_pwhash_strbytes(), !text.utf8.contains(0) else { return false }
    var password = password.map { CChar(bitPattern: $0) }
    let count = password.count
    defer { unsafe sodium_memzero(&password, count) }
    var characters = text.utf8.map { CChar(bitPattern: $0) }
    characters += [CChar](repeating: 0, count: crypto_pwhash_strbytes() - characters.count)
    return unsafe crypto_pwhash_str_verify(characters, password, UInt64(count)) == 0
  }
}
