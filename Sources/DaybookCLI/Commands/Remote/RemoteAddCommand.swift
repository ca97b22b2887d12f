import ArgumentParser
import Daybook

struct RemoteAddCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "add",
    abstract: "Add a remote.",
    discussion: """
      Addresses are https://host/path, ssh://user@host/path, user@host:path or the path of a folder. They hold no \
      password: a token is read from a file, or typed, and kept in the configuration folder of this user. Without one, \
      Git's credential helper is asked, or for ssh the agent, or the usual key in ~/.ssh.

        daybook remote add origin https://git.example.org/ann/store.git --token-file token.txt
        daybook remote add origin git@git.example.org:ann/store.git
        daybook remote add usb /media/usb/store.git
      """)

  @Argument(help: "What it is to be called.")
  var name: String

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

  @OptionGroup var global: GlobalOptions

  func validate() throws {
    if [token, tokenFile != nil, key != nil].count(where: { $0 }) > 1 {
      throw ValidationError("Only one of --token, --token-file and --key opens a remote.")
    }
    if passphraseFile != nil, key == nil { throw ValidationError("--passphrase-file is for a --key.") }
  }

  func run() async throws {
    let store = try StoreLocation.find(global.folder)
    let place = isRelative ? "\(Folders.current)/\(address)" : address
    try RemoteSetup(name, at: place, user: user, secret: secret())
      .add(toStoreAt: store, environment: Process.environment)
    global.note("added; `daybook remote test \(name)` tries it")
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
