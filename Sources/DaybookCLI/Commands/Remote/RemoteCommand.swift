import ArgumentParser
import Daybook
import Documents

struct RemoteCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "remote",
    abstract: "Say where else the store is kept, and try whether it can be reached.",
    discussion: """
      A remote is a Git repository somewhere else: on a server (https, ssh), or in a folder. It stands in the store's \
      Git configuration, so that plain git knows it too; what opens it is kept outside of the store.

        daybook remote add origin https://git.example.org/ann/store.git --token-file token.txt
        daybook remote add nas ssh://ann@nas/srv/store.git
        daybook remote test origin
      """,
    subcommands: [
      RemoteAddCommand.self, RemoteListCommand.self, RemoteRemoveCommand.self, RemoteTestCommand.self,
      RemoteMachinesCommand.self, RemoteForgetMachineCommand.self,
    ])
}

struct RemoteListCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List the remotes.",
    discussion: """
        daybook remote list
      """)

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let store = try StoreLocation.find(global.folder)
    var table = Table(["remote", "address", "problem"])
    for remote in try RemoteConfiguration(of: store).remotes() {
      table.add([remote.name, remote.address, remote.problem ?? ""])
      guard global.json else { continue }
      try Output.json([
        "remote": .string(remote.name), "address": .string(remote.address),
        "problem": remote.problem.map { .string($0) } ?? .null,
      ])
    }
    if !global.json { try table.print() }
  }
}

struct RemoteRemoveCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "remove",
    abstract: "Forget a remote, with what opens it.",
    discussion: """
      The remote itself stays as it is.

        daybook remote remove origin
      """)

  @Argument(help: "The remote.")
  var name: String

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let store = try StoreLocation.find(global.folder)
    try RemoteSetup.remove(name, fromStoreAt: store, environment: Process.environment)
    global.note("the remote '\(name)' is forgotten")
  }
}
