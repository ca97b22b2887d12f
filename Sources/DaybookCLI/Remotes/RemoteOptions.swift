import ArgumentParser
import Daybook

/// Where a remote is, and what opens it.
struct RemoteOptions: ParsableArguments {
  @Argument(help: "The address.")
  var address: String

  @Option(help: "The user, if the address does not name one.")
  var user: String?

  @Flag(help: "Ask for a token or a password; without a terminal it is read from standard input.")
  var token = false

  @Option(help: ArgumentHelp("Read the token or the password there.", valueName: "file"), completion: .file())
  var tokenFile: String?

  @Option(help: ArgumentHelp("The private key for ssh.", valueName: "file"), completion: .file())
  var key: String?

  @Option(help: ArgumentHelp("Read the passphrase of the key there.", valueName: "file"), completion: .file())
  var passphraseFile: String?

  func validate() throws {
    if [token, tokenFile != nil, key != nil].count(where: { $0 }) > 1 {
      throw ValidationError("Only one of --token, --token-file and --key opens a remote.")
    }
    if passphraseFile != nil, key == nil { throw ValidationError("--passphrase-file is for a --key.") }
  }

  func setup(_ name: String) throws -> RemoteSetup {
    let place = isRelative ? "\(Folders.current)/\(address)" : address
    return try RemoteSetup(name, at: place, user: user, secret: secret())
  }

  private var isRelative: Bool { address.hasPrefix("./") || address.hasPrefix("../") }

  private func secret() throws -> RemoteSetup.Secret? {
    if let key {
      let passphrase = try passphraseFile.map { try Self.text(of: $0) } ?? ""
      return .key(key.hasPrefix("/") ? key : "\(Folders.current)/\(key)", passphrase: passphrase)
    }
    if let tokenFile { return .token(try Self.text(of: tokenFile)) }
    return token ? .token(try SecretInput.secret("Token for the remote")) : nil
  }

  private static func text(of file: String) throws -> String {
    try SecretInput.text(Input.bytes(file).withoutLineEnd)
  }
}
