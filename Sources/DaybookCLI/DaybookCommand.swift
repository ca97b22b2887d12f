import ArgumentParser
import Daybook

/// The `daybook` command: finds the verb, runs it, and turns what went wrong into an exit status.
@main
struct DaybookCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "daybook",
    abstract: "A document store that is a Git repository.",
    discussion: """
      Documents are JSON files, addressed as collection/id; each write is a commit.

        daybook init my-store && cd my-store
        daybook put profiles/llm/gpt-4o gpt-4o.json
        daybook patch profiles/llm/gpt-4o --set /temperature=0.7
        daybook log profiles/llm/gpt-4o

      Data goes to standard output, everything else to standard error. The exit status is 0 when done, 1 for differences \
      or a failure, 2 for wrong usage, 3 not found, 4 refused, 5 conflict, 6 invalid, 7 remote.
      """,
    version: ProgramVersion.text,
    groupedSubcommands: [
      CommandGroup(
        name: "Store",
        subcommands: [
          InitCommand.self, StatusCommand.self, StatsCommand.self, CheckCommand.self, MaintainCommand.self,
          FoldCommand.self, KindsCommand.self, MigrateCommand.self, BackupCommand.self, RestoreCommand.self,
          ServeCommand.self,
        ]),
      CommandGroup(
        name: "Document",
        subcommands: [
          GetCommand.self, PutCommand.self, PatchCommand.self, EditCommand.self, DeleteCommand.self,
          ListCommand.self, AppendCommand.self,
        ]),
      CommandGroup(
        name: "Application",
        subcommands: [
          ProfileCommand.self, SettingsCommand.self, TaskCommand.self, SessionCommand.self, InboxCommand.self,
        ]),
      CommandGroup(name: "Users", subcommands: [UserCommand.self, TokenCommand.self, CodeCommand.self]),
      CommandGroup(
        name: "History",
        subcommands: [
          LogCommand.self, ShowCommand.self, DiffCommand.self, BlameCommand.self, RevertCommand.self,
          RollbackCommand.self, UndoCommand.self, RedoCommand.self, ConflictCommand.self,
        ]),
      CommandGroup(name: "Secrets", subcommands: [SecretCommand.self, KeysCommand.self]),
      CommandGroup(
        name: "Remotes",
        subcommands: [
          CloneCommand.self, RemoteCommand.self, SyncCommand.self, TransferCommand.self, MergeDriverCommand.self,
        ]),
      CommandGroup(
        name: "Bulk", subcommands: [ImportCommand.self, ExportCommand.self, JSONCommand.self]),
    ])

  @OptionGroup(visibility: .hidden) var global: GlobalOptions

  static func main() async {
    Process.surviveClosedPipes()
    Process.end(await status(of: Array(CommandLine.arguments.dropFirst())).rawValue)
  }

  /// Runs a command line, here or by the service that owns the store, and tells what went wrong.
  static func status(of arguments: [String]) async -> ExitCode {
    do {
      var command = try parseAsRoot(arguments)
      if Console.current.store == nil, let status = try forwarded(command, arguments) { return ExitCode(status) }
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
      return .success
    } catch let status as ExitCode {
      return status
    } catch let failure as SystemFailure where failure.isClosedPipe {
      return .success
    } catch {
      return tell(error, asJSON: arguments.contains("--json"))
    }
  }

  /// Nil for a command that is to run here.
  private static func forwarded(_ command: any ParsableCommand, _ arguments: [String]) throws -> Int32? {
    guard let command = command as? any StoreCommand else { return nil }
    return try CommandForwarder.run(arguments, folder: command.global.folder)
  }

  private static func tell(_ error: any Error, asJSON: Bool) -> ExitCode {
    let failure: Failure
    switch error {
    case let error as StoreError: failure = Failure(error)
    case let error as SystemFailure: failure = Failure(error)
    case _ where exitCode(for: error) == .success:
      try? Output.line(fullMessage(for: error))
      return .success
    default: failure = Failure(usage: error)
    }
    failure.tell(asJSON: asJSON)
    return failure.status
  }
}
