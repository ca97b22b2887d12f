import ArgumentParser
import Daybook
import DaybookRuntime
import Documents

struct SettingsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "settings",
    abstract: "Read and change settings, which come in layers.",
    discussion: """
      A session's value counts before its user's, that before the system's, and that before the default; within a layer, \
      what an agent has for itself counts before the general value. Which settings there are is declared in \
      settings/definitions.

        daybook settings list
        daybook settings set search.max_results=20 ui.theme=dark --user ann
        daybook settings explain search.max_results --user ann --agent deep_research
      """,
    subcommands: [
      SettingsGetCommand.self, SettingsSetCommand.self, SettingsResetCommand.self, SettingsListCommand.self,
      SettingsExplainCommand.self,
    ])
}

/// Whose settings a command is about.
struct SettingsOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The user, by id.", valueName: "id"))
  var user: String?

  @Option(help: ArgumentHelp("The session, by id.", valueName: "id"))
  var session: String?

  @Option(help: ArgumentHelp("The agent.", valueName: "name"))
  var agent: String?

  var context: SettingsContext { SettingsContext(user: user, session: session, agent: agent) }

  /// The one layer that is written.
  func target() throws(StoreError) -> SettingsSource {
    switch (user, session) {
    case (nil, nil): .system
    case (let user?, nil): .user(user)
    case (nil, let session?): .session(session)
    case (.some, .some):
      throw StoreError(.usage, "--user and --session exclude each other here: one layer is written at a time.")
    }
  }
}

extension GlobalOptions {
  /// What holds for a context, with notes about what does not count.
  func effectiveSettings(of store: Store, for context: SettingsContext) throws -> EffectiveSettings {
    let settings = try Settings(store).effective(for: context)
    for problem in settings.definitions.problems + settings.problems { note("note: \(problem.message)") }
    return settings
  }
}
