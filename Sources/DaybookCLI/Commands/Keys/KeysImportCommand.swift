import ArgumentParser
import Daybook
import Documents

struct KeysImportCommand: StoreCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Take the keys of a bundle into the key ring.",
    discussion: """
      Keys that are here already stay. Of two active keys the one made later seals from then on.

        daybook keys import ~/store-keys.json
        daybook keys import bundle.json --passphrase-file /run/secrets/phrase
      """)

  @Argument(help: "The bundle; - for standard input.", completion: .file())
  var file: String

  @Option(help: ArgumentHelp("Read the passphrase there instead of asking; - is standard input.", valueName: "file"))
  var passphraseFile: String?

  @OptionGroup var global: GlobalOptions

  func validate() throws {
    if file == "-", passphraseFile == "-" { throw ValidationError("Only one of the two can come on standard input.") }
  }

  func run() async throws {
    let bundle = try Input.bytes(file)
    let passphrase = try SecretInput.passphrase(passphraseFile, "Passphrase of the bundle")
    let taken = try await global.withStore { try await $0.importKeys(bundle, passphrase: passphrase) }
    if global.json {
      try Output.json(["imported": .array(taken.map { .string($0) })])
    } else {
      for key in taken { try Output.line(key) }
    }
    global.note(taken.isEmpty ? "all its keys were here already" : "\(taken.count.of("key")) taken in")
  }
}
