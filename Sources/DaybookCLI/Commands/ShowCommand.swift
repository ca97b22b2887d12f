import ArgumentParser
import Daybook

struct ShowCommand: StoreCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Show a commit and what it changed.",
    discussion: """
        daybook show
        daybook show HEAD~2
        daybook show 4711
        daybook show 8f3c2d1a90 --side-by-side
      """)

  @Argument(help: "A sequence, a commit's id or the beginning of one, HEAD~2, or a time.")
  var point = "HEAD"

  @OptionGroup var layout: LayoutOptions
  @OptionGroup var global: GlobalOptions

  func run() async throws {
    try await global.withStore { store in
      let snapshot = store.snapshot()
      let commit = try snapshot.commit(at: Point(argument: point))
      let changes = try snapshot.changes(in: commit).map { change throws(StoreError) in
        ChangeView(difference: try snapshot.difference(change))
      }
      let view = CommitView(commit: commit)
      guard !global.json else { return try Output.json(view.json(changes: changes)) }
      try Output.write(view.text(.output).utf8)
      for change in changes { try Output.write(("\n" + change.text(layout.layout, .output)).utf8) }
    }
  }
}

/// How `show` and `diff` lay texts out.
struct LayoutOptions: ParsableArguments {
  @Flag(help: "Show the texts in two columns.")
  var sideBySide = false

  var layout: ChangeView.Layout { sideBySide ? .sideBySide(columns: Terminal.columns) : .unified }
}
