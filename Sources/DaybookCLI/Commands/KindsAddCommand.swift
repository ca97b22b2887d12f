import ArgumentParser
import Daybook
import Documents

struct KindsAddCommand: StoreCommand {
  static let configuration = CommandConfiguration(
    commandName: "add",
    abstract: "Add kinds that come with Daybook.",
    discussion: """
      A store has the kinds that the program had which made it. Those that came later are added as files under \
      schemas/, all in one commit; `daybook status` says which are lacking.

        daybook kinds add memory
        daybook kinds add --missing
      """)

  @Argument(help: "The names of the kinds.")
  var names: [String] = []

  @Flag(help: "All that the store lacks.")
  var missing = false

  @OptionGroup var writing: WriteOptions
  @OptionGroup var global: GlobalOptions

  func validate() throws {
    if names.isEmpty != missing { throw ValidationError("Name kinds, or give --missing.") }
  }

  func run() async throws {
    try await global.withStore(writing: writing) { store in
      let names = Set(missing ? store.kinds.missing : names).sorted()
      var files: [String] = []
      try await WriteReport(global: global, options: writing).write(to: store) { transaction in
        for name in names { files.append(try transaction.addKind(name)) }
      }
      if writing.dryRun { return }
      for file in files {
        if global.json { try Output.json(["file": .string(file)]) } else { try Output.line(file) }
      }
    }
  }
}
