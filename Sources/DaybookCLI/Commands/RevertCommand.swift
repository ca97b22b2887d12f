import ArgumentParser
import Daybook

struct RevertCommand: StoreCommand {
  static let configuration = CommandConfiguration(
    commandName: "revert",
    abstract: "Take back a commit, or bring a document or a member back to what it was.",
    discussion: """
      Makes a new commit; the history stays. Of a commit, each member that it changed goes back; members that were changed \
      again since are a conflict (exit status 5), and nothing is written. With --to, a document and its series, or one \
      member, become what they were at that point: a sequence, a commit, HEAD~2, or a time.

        daybook revert 4711 --dry-run
        daybook revert 8f3c2d1a90
        daybook revert profiles/llm/gpt-4o --to HEAD~3
        daybook revert profiles/llm/gpt-4o /temperature --to 2026-11-20
      """)

  @Argument(help: "A commit; or with --to a document, as collection/id.")
  var subject: String

  @Argument(help: "A member of the document, as a JSON Pointer such as /temperature.")
  var pointer: String?

  @Option(help: ArgumentHelp("Where the document goes back to.", valueName: "point"))
  var to: String?

  @OptionGroup var writing: WriteOptions
  @OptionGroup var global: GlobalOptions

  func validate() throws {
    if pointer != nil, to == nil { throw ValidationError("Say where the member goes back to, with --to.") }
    if to == nil, subject.contains("/") { throw ValidationError("Say where the document goes back to, with --to.") }
    if to != nil, !subject.contains("/") {
      throw ValidationError("--to goes with a document; `daybook rollback --to` brings the whole store back.")
    }
  }

  func run() async throws {
    try await global.withStore(writing: writing) { store in
      try await PlanReport(global: global, options: writing).carryOut(try plan(in: store.snapshot()), in: store)
    }
  }

  private func plan(in snapshot: Snapshot) throws -> HistoryPlan {
    guard let to else { return try snapshot.planRevert(of: Point(argument: subject)) }
    let point = try Point(argument: to)
    guard let pointer else { return try snapshot.planRevert(of: subject, to: point) }
    return try snapshot.planRevert(of: subject, member: Input.pointer(pointer), to: point)
  }
}
