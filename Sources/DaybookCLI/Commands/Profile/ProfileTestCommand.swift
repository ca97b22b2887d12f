import ArgumentParser
import Daybook
import DaybookRuntime
import Documents

struct ProfileTestCommand: StoreCommand {
  static let configuration = CommandConfiguration(
    commandName: "test",
    abstract: "Try a profile with real calls, step by step.",
    discussion: """
      For a language model: the list of models, and an answer of one token. For RSSHub: its health, without the access key \
      and with it. Without an id, the profile in effect is tried. The exit status is 1 when a step fails.

        daybook profile test llm
        daybook profile test rsshub/home
      """)

  @Argument(help: "A profile, such as llm/gpt-4o; or a kind, for the one in effect.")
  var profile: String

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    // The store is closed again before the calls, which may take their time.
    let profile = try await resolved()
    let passed = try await ProfileTest(profile).run { try tell($0, of: profile) }
    if !passed { throw ExitCode.different }
  }

  private func resolved() async throws -> ResolvedProfile {
    let short = profile.hasPrefix(ProfileKind.prefix) ? profile.dropFirst(ProfileKind.prefix.count) : profile[...]
    guard short.contains("/") else { return try await global.effectiveProfile(profile, revealing: true) }
    return try await global.withStore { store in
      try ResolvedProfile(ProfileName(parsing: profile, store.kinds), in: store.snapshot(), revealing: true)
    }
  }

  private func tell(_ step: ProfileTest.Step, of profile: ResolvedProfile) throws {
    if global.json { return try Output.json(profile.json(of: step)) }
    let style = Style.output
    let outcome =
      switch step.outcome {
      case .passed: style.green("passed ")
      case .failed: style.red("failed ")
      case .skipped: style.dim("skipped")
      }
    let time = step.outcome == .skipped ? "" : " in \(step.milliseconds) ms"
    try Output.line("\(outcome)  \(step.name)\(time): \(Table.printable(step.detail))")
  }
}
