import ArgumentParser
import Daybook
import Documents

struct InitCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init",
    abstract: "Make a new store.",
    discussion: """
      The store is a Git repository with kinds under schemas/ and a few example documents. Its key ring, which opens the \
      secrets, is kept outside of it.

        daybook init my-store
        daybook init --empty .
      """)

  @Argument(help: "The folder; it is made if it is missing.", completion: .directory)
  var folder = "."

  @Flag(help: "Leave out the example documents.")
  var empty = false

  @Option(help: ArgumentHelp("The author of the first commit, as 'Name <mail>'.", valueName: "author"))
  var author: String?

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    var options = try global.storeOptions()
    if let author { options.author = try Author(parsing: author) }
    let path = global.folder.map { folder.hasPrefix("/") ? folder : "\($0)/\(folder)" } ?? folder
    let keyRing = try await Store.create(at: path, options: options, withTemplate: !empty)
    if global.json {
      try Output.json(["store": .string(path), "key_ring": .string(keyRing)])
    } else {
      try Output.line(path)
    }
    global.note(
      """
      The store is ready. Its secrets are sealed with the key ring in
        \(keyRing)
      Back that file up, apart from the store: without it nobody can open them.
      """)
  }
}
