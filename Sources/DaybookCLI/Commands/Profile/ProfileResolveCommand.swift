import ArgumentParser
import Daybook
import DaybookRuntime
import Documents

struct ProfileResolveCommand: StoreCommand {
  static let configuration = CommandConfiguration(
    commandName: "resolve",
    abstract: "Print the profile that is in effect, and where each member comes from.",
    discussion: """
      That is the active profile; else what the environment variables say that the kind's schema names, also when the store \
      cannot be opened. Secrets are not shown. The exit status is 3 when nothing is configured.

        daybook profile resolve llm
        OPENAI_BASE_URL=http://localhost:8000/v1 OPENAI_MODEL=tiny daybook profile resolve llm --json
      """)

  @Argument(help: "The kind of profile, such as llm.")
  var kind: String

  @Flag(help: "Open the secrets.")
  var reveal = false

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let profile = try await global.effectiveProfile(kind, revealing: reveal)
    if global.json { return try Output.json(profile.json) }
    var table = Table(["member", "value", "from"])
    for member in profile.members { table.add([member.name, member.value.plainText, profile.origin(of: member)]) }
    try table.print()
  }
}

extension GlobalOptions {
  /// The profile of a kind that is in effect, with notes about what is amiss. While the store cannot be opened or read, the
  /// environment answers; when only its secrets cannot be opened, that is an error.
  func effectiveProfile(_ kind: String, revealing: Bool) async throws -> ResolvedProfile {
    let environment = Process.environment
    let profile: ResolvedProfile
    do {
      profile = try await withReadableStore { store in
        let (kind, snapshot) = (try ProfileKind.named(kind, in: store.kinds), store.snapshot())
        let stored = try ActiveProfiles(in: snapshot).stored(kind)
        return Result {
          try ResolvedProfile(kind, stored, in: snapshot, environment: environment, revealing: revealing)
        }
      }.get()
    } catch let failure as UnreadableStore {
      profile = try ResolvedProfile(
        kind, withoutStore: failure.reason, environment: environment, revealing: revealing)
    }
    for text in profile.notes { note("note: \(text)") }
    return profile
  }

  /// The same as `withStore`, with what is wrong with the store itself told apart from what the body throws.
  private func withReadableStore<Result>(_ body: (Store) throws -> Result) async throws -> Result {
    let store: Store
    do {
      store = try await openStore()
    } catch let reason as StoreError where reason.code != .usage {
      throw UnreadableStore(reason: reason)
    }
    let result = Swift.Result { try body(store) }
    // Nothing was written, so there is nothing that closing could lose.
    try? await close(store)
    do {
      return try result.get()
    } catch let reason as StoreError where [.damaged, .unavailable].contains(reason.code) {
      throw UnreadableStore(reason: reason)
    }
  }
}

/// A store that is busy, damaged or not there.
private struct UnreadableStore: Error {
  let reason: StoreError
}
