import ArgumentParser
import Daybook
import DaybookRuntime
import Documents

struct SettingsSetCommand: StoreCommand {
  static let configuration = CommandConfiguration(
    commandName: "set",
    abstract: "Set settings in one layer, in one commit.",
    discussion: """
      In the system's layer, or in a user's or a session's. With an agent, it gets them for itself. A value is JSON, or else \
      a string.

        daybook settings set search.max_results=20 llm.temperature=0.3
        daybook settings set ui.theme=dark --user ann
        daybook settings set agent_behavior.summary_length=long --user ann --agent summary
      """)

  @Argument(help: ArgumentHelp("What is set.", valueName: "setting=value"))
  var assignments: [String]

  @OptionGroup var whose: SettingsOptions
  @OptionGroup var writing: WriteOptions
  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let target = try whose.target()
    try await global.withStore(writing: writing) { store in
      let snapshot = store.snapshot()
      let definitions = try SettingDefinitions(reading: snapshot)
      let assignments = try assignments.map { try assignment($0, definitions) }
      let edit = try SettingsEdit(assignments, in: target, agent: whose.agent, snapshot)
      try await WriteReport(global: global, options: writing).write(to: store) { try edit.add(to: &$0) }
    }
  }

  /// Where a setting takes strings, `10` is one too.
  private func assignment(
    _ text: String, _ definitions: SettingDefinitions
  ) throws(StoreError) -> SettingsEdit.Assignment {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2 else {
      throw StoreError(.usage, "'\(text)' does not set anything.", hint: "Write it as search.max_results=20")
    }
    var value = JSONValue(argument: parts[1])
    if try definitions.definition(of: parts[0], for: whose.agent).type == .string, value.string == nil {
      value = .string(parts[1])
    }
    return SettingsEdit.Assignment(parts[0], value)
  }
}

struct SettingsResetCommand: StoreCommand {
  static let configuration = CommandConfiguration(
    commandName: "reset",
    abstract: "Take settings out of one layer, in one commit.",
    discussion: """
      From then on the layers below it decide.

        daybook settings reset search.max_results
        daybook settings reset ui.theme ui.font_size --user ann
      """)

  @Argument(help: "The settings.")
  var keys: [String]

  @OptionGroup var whose: SettingsOptions
  @OptionGroup var writing: WriteOptions
  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let target = try whose.target()
    try await global.withStore(writing: writing) { store in
      let assignments = keys.map { SettingsEdit.Assignment($0, nil) }
      let edit = try SettingsEdit(assignments, in: target, agent: whose.agent, store.snapshot())
      try await WriteReport(global: global, options: writing).write(to: store) { try edit.add(to: &$0) }
    }
  }
}
