import Daybook

/// Secrets and passphrases that a command is given: on a terminal without an echo, else on standard input or in a file.
/// Never as an argument, which others on this machine can see.
enum SecretInput {
  /// A secret: what is typed, or all of standard input without its last line end.
  static func secret(_ question: String) throws -> String {
    try text(Descriptor.standardInput.isTerminal ? typed(question) : Input.bytes(nil).withoutLineEnd)
  }

  static func text(_ bytes: [UInt8]) throws(StoreError) -> String {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw StoreError(.invalid, "The secret is not UTF-8.")
    }
    return text
  }

  /// A passphrase: from the file that was named, else typed.
  static func passphrase(_ file: String?, _ question: String) throws -> [UInt8] {
    guard let file else { return try typed(question) }
    let bytes = try Input.open(file).readAll(limit: Limits.passphraseBytes)
    guard bytes.count <= Limits.passphraseBytes else {
      throw StoreError(.limit, "A passphrase has at most \(Limits.passphraseBytes) bytes.")
    }
    return bytes.withoutLineEnd
  }

  /// A passphrase that is to be kept in mind: typed twice.
  static func newPassphrase(_ file: String?) throws -> [UInt8] {
    let first = try passphrase(file, "New passphrase")
    guard file == nil else { return first }
    guard try typed("The same once more") == first else {
      throw StoreError(.usage, "The two are not the same; nothing was done.")
    }
    return first
  }

  private static func typed(_ question: String) throws -> [UInt8] {
    if let typed = try SecretPrompt.ask(question) { return typed }
    throw StoreError(
      .usage, "Nothing was typed.",
      hint: "Without a terminal, give a secret on standard input and a passphrase in a file.")
  }
}
