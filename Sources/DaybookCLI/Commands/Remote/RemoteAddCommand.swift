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

  @OptionGroup var remote: RemoteOptions

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let store = try StoreLocation.find(global.folder)
    try remote.setup(name).add(toStoreAt: store, environment: Process.environment)
    global.note("added; `daybook remote test \(name)` tries it")
  }
}
