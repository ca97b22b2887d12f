import ArgumentParser
import Daybook

/// A command about a store, which runs with the store's owner when that is a service.
protocol StoreCommand: AsyncParsableCommand {
  var global: GlobalOptions { get }
}

/// Lets the service that owns a store run a command, on this terminal.
enum CommandForwarder {
  /// The status with which the command ended; nil when no service owns the store that it is about.
  static func run(_ arguments: [String], folder: String?) throws -> Int32? {
    guard let store = try? StoreLocation.find(folder),
      var socket = CommandSocket.connected(to: "\(store)/\(CommandServer.socket)")
    else { return nil }
    let command = ForwardedCommand(
      arguments: arguments, environment: Process.environment, folder: Folders.current)
    var files: [Int32] = [0, 1, 2]
    let terminal = Terminal.number
    if let terminal { files.append(terminal) }
    try socket.write(command.line, with: files)
    while let line = try socket.readLine(files: &files) {
      switch ForwardedMessage(line) {
      case .exit(let status): return status
      case .run(let line, let argument):
        let status = (try? Process.runShell(line, argument: argument)) ?? 127
        try socket.write(ForwardedMessage.status(status).line)
      case .status, nil: break
      }
    }
    throw StoreError(
      .unavailable, "The service that owns the store ended before it was done.",
      hint: "`daybook log` shows whether it was; then try again.")
  }
}
