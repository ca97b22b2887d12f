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
    try file.map(passphrase(in:)) ?? typed(question)
  }

  /// A passphrase that is to be kept in mind: typed twice.
  static func newPassphrase(_ file: String?) throws -> [UInt8] {
    try file.map(passphrase(in:)) ?? typedTwice("New passphrase")
  }

  /// A password that is to be kept in mind: typed twice, or a line of standard input.
  static func newPassword(of user: String, fromStandardInput: Bool) throws -> [UInt8] {
    let password =
      try fromStandardInput
      ? line(called: "password")
      : typedTwice("New password of \(user)", hint: "Without a terminal, give the password with --password-stdin.")
    // What is not UTF-8 could not be sent to the service.
    _ = try text(password)
    return password
  }

  private static func passphrase(in file: String) throws -> [UInt8] {
    let bytes = try Input.open(file).readAll(limit: Limits.passphraseBytes)
    guard bytes.count <= Limits.passphraseBytes else {
      throw StoreError(.limit, "A passphrase has at most \(Limits.passphraseBytes) bytes.")
    }
    return bytes.withoutLineEnd
  }

  /// The one line of standard input. Too long a one is cut so that it still is too long.
  private static func line(called title: String) throws -> [UInt8] {
    let lineEnd = 2
    let line = try Input.open(nil).readAll(limit: Limits.passphraseBytes + lineEnd).withoutLineEnd
    if line.contains(UInt8(ascii: "\n")) {
      throw StoreError(.usage, "Standard input does not hold the \(title) on one line.")
    }
    return line
  }

  private static func typedTwice(_ question: String, hint: String = usualHint) throws -> [UInt8] {
    let first = try typed(question, hint: hint)
    guard try typed("The same once more", hint: hint) == first else {
      throw StoreError(.usage, "The two are not the same; nothing was done.")
    }
    return first
  }

  private static let usualHint = "Without a terminal, give a secret on standard input and a passphrase in a file."

  private static func typed(_ question: String, hint: String = usualHint) throws -> [UInt8] {
    if let typed = try SecretPrompt.ask(question) { return typed }
    throw StoreError(.usage, "Nothing was typed.", hint: hint)
  }
}
