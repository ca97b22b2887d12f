import ArgumentParser

struct KeysCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "keys",
    abstract: "Look after the keys that seal secrets.",
    discussion: """
      The key ring lies outside of the store. Its active key seals; open-only keys still open what documents hold; retired \
      ones open old revisions only. A wrapped ring needs its passphrase: it is asked for on a terminal, and services give \
      it in DAYBOOK_KEYS_PASSPHRASE or in the file that DAYBOOK_KEYS_PASSPHRASE_FILE names.
      """,
    subcommands: [
      KeysStatusCommand.self, KeysRotateCommand.self, KeysExportCommand.self, KeysImportCommand.self,
      KeysWrapCommand.self,
    ])
}
