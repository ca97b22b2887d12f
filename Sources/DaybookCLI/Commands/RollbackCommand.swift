import ArgumentParser
import Daybook

struct RollbackCommand: StoreCommand {
  static let configuration = CommandConfiguration(
    commandName: "rollback",
    abstract: "Bring the whole store back to what it was.",
    discussion: """
      Makes one new commit; the history stays, so a rollback can itself be taken back. Says first what would change, and \
      asks; without a terminal it needs --yes. Documents, series, schemas and other files go back; a file that must stay is \
      named, with the reason. A document that is changed meanwhile is a conflict, and nothing is written.

        daybook rollback --to HEAD~3 --dry-run
        daybook rollback --to 2026-11-20T18:00:00Z
        daybook rollback --to 4711 --yes
      """)

  @Option(help: ArgumentHelp("A sequence, a commit's id, HEAD~2, or a time.", valueName: "point"))
  var to: String

  @Flag(help: "Do not ask.")
  var yes = false

  @OptionGroup var writing: WriteOptions
  @OptionGroup var global: GlobalOptions

  func run() async throws {
    try await global.withStore(writing: writing) { store in
      let plan = try store.snapshot().planRollback(to: Point(argument: to))
      if !writing.dryRun, !plan.steps.isEmpty, !yes { try confirm(plan, in: store) }
      try await PlanReport(global: global, options: writing).carryOut(plan, in: store)
    }
  }

  private static let previewedChanges = 10

  private func confirm(_ plan: HistoryPlan, in store: Store) throws {
    guard Terminal.canAsk else {
      throw StoreError(
        .refused, "Rolling back would change \(plan.steps.count.of("file")); nothing was written.",
        hint: "--dry-run shows them, --yes goes on without asking.")
    }
    let changes = try store.plan { try $0.apply(plan) }
    for change in changes.prefix(Self.previewedChanges) { Output.note("\(change.name): \(change.words)") }
    if changes.count > Self.previewedChanges {
      Output.note("and \((changes.count - Self.previewedChanges).of("more file")): --dry-run shows all")
    }
    guard Terminal.confirms("Change \(changes.count.of("file"))?") else {
      throw StoreError(.refused, "Nothing was written.")
    }
  }
}
