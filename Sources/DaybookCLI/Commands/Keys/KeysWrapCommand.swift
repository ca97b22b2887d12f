import ArgumentParser
import Daybook
import Documents

struct KeysWrapCommand: StoreCommand {
  static let configuration = CommandConfiguration(
    commandName: "wrap",
    abstract: "Let a passphrase keep the key ring of this machine.",
    discussion: """
      From then on the passphrase is asked for whenever a secret is opened or sealed, and only then. Wrapping a wrapped \
      ring gives it a new passphrase.

        daybook keys wrap
        daybook keys wrap --remove
      """)

  @Flag(help: "Take the passphrase off.")
  var remove = false

  @Option(help: ArgumentHelp("Read the passphrase there instead of asking; - is standard input.", valueName: "file"))
  var passphraseFile: String?

  @OptionGroup var global: GlobalOptions

  func validate() throws {
    if remove, passphraseFile != nil { throw ValidationError("--remove sets no passphrase.") }
  }

  func run() async throws {
    let passphrase = remove ? nil : try SecretInput.newPassphrase(passphraseFile)
    try await global.withStore { try await $0.wrapKeys(passphrase: passphrase) }
    if global.json { try Output.json(["wrapped": .bool(!remove)]) }
    global.note(
      remove
        ? "The key ring lies in clear again." : "The key ring is wrapped. Copies made before are not: look after them.")
  }
}
