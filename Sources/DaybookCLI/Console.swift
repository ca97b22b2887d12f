import Daybook

/// Where a command runs: its standard streams, its variables, its folder. Usually those of the process. A command that is run by
/// a service, because that owns the store, has those of whoever typed it; see `Beside`.
struct Console: Sendable {
  @TaskLocal static var current = Console.process

  /// Numbers of open files; negative where there is none.
  var input: Int32 = 0
  var output: Int32 = 1
  var errors: Int32 = 2
  /// The terminal by itself; nil where it is found under `/dev/tty`.
  var terminal: Int32?
  /// An open file at whose end whoever typed the command has gone: nothing is read for them any more. Nil: that is this process.
  var lifeline: Int32?
  /// The places of which the command has one, if it is run by a service.
  var places: CommandPlaces?
  var environment: [String: String]
  /// What relative paths are relative to; nil for the process's own folder.
  var folder: String?
  /// The store that the process has open, if the command is run by its owner.
  var store: Store?
  /// Runs a line of shell where the terminal is, such as an editor; nil for here.
  var runShell: (@Sendable (_ line: String, _ argument: String) throws(SystemFailure) -> Int32)?

  static let process = Console(environment: Process.ownEnvironment)

  /// A path as the system has to be given it.
  func path(_ path: String) -> String {
    guard let folder, !path.hasPrefix("/") else { return path }
    return "\(folder)/\(path)"
  }
}
