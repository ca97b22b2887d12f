import ArgumentParser
import Daybook

struct KeysExportCommand: StoreCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write the key ring as a bundle that a passphrase opens.",
    discussion: """
      For a backup, or for another machine. Let the passphrase go another way than the bundle, and neither with the store. \
      Without a file the bundle goes to standard output; a file is readable by you only, and is not replaced.

        daybook keys export ~/store-keys.json
        daybook keys export --passphrase-file /run/secrets/phrase > bundle.json
      """)

  @Argument(help: "The file to write.", completion: .file())
  var file: String?

  @Option(help: ArgumentHelp("Read the passphrase there instead of asking; - is standard input.", valueName: "file"))
  var passphraseFile: String?

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let passphrase = try SecretInput.newPassphrase(passphraseFile)
    let bundle = try await global.withStore { try await $0.exportKeys(passphrase: passphrase) }
    guard let file else { return try Output.write(bundle) }
    try Descriptor(writing: file, .temporary).write(bundle)
    global.note("The keys are in \(file). Without the passphrase nobody can read them, you neither.")
  }
}
