import ArgumentParser
import Daybook
import DaybookRuntime

/// Where a secret comes from: never from an argument, which others on this machine can see.
struct SecretOptions: ParsableArguments {
  @Flag(help: "Ask for the secret, without showing it.")
  var secret = false

  @Flag(help: "Read the secret from standard input.")
  var secretStdin = false

  @Option(help: ArgumentHelp("Take the secret from this environment variable.", valueName: "name"))
  var secretEnv: String?

  private static let longestSecret = 64 << 10

  func validate() throws {
    if [secret, secretStdin, secretEnv != nil].count(where: { $0 }) > 1 {
      throw ValidationError("--secret, --secret-stdin and --secret-env exclude each other.")
    }
  }

  var isGiven: Bool { secret || secretStdin || secretEnv != nil }

  /// The secret; nil when none is given.
  ///
  /// - Parameter title: what it is called.
  func read(_ title: String) throws -> String? {
    if let secretEnv { return try Self.checked(try variable(secretEnv), title) }
    if secretStdin { return try Self.checked(try standardInput(title), title) }
    return secret ? try Self.ask(title) : nil
  }

  /// Asks a person; an empty answer is none.
  static func ask(_ title: String) throws -> String? {
    guard Terminal.canAsk else {
      throw StoreError(
        .usage, "There is no terminal on which to ask for the \(title).", hint: "Use --secret-stdin or --secret-env.")
    }
    guard let typed = try SecretPrompt.ask("\(title), or nothing for none") else {
      throw StoreError(.refused, "Nothing was written.")
    }
    return typed.isEmpty ? nil : try checked(SecretInput.text(typed), title)
  }

  private static func checked(_ secret: String, _ title: String) throws(StoreError) -> String {
    try ProfileKind.checkSecret(secret, called: "The \(title)")
    return secret
  }

  private func variable(_ name: String) throws(StoreError) -> String {
    if let value = Process.environment[name], !value.isEmpty { return value }
    throw StoreError(.usage, "The environment variable \(name) is not set, or empty.")
  }

  private func standardInput(_ title: String) throws -> String {
    let bytes = try Descriptor.standardInput.readAll(limit: Self.longestSecret)
    let line = try SecretInput.text(bytes.withoutLineEnd)
    guard !line.isEmpty, bytes.count <= Self.longestSecret else {
      throw StoreError(.usage, "Standard input does not hold the \(title) on one line.")
    }
    return line
  }
}
