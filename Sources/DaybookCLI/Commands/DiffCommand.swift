import ArgumentParser
import Daybook
import DaybookRuntime

struct DiffCommand: StoreCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff",
    abstract: "Show what is different between two points of the history.",
    discussion: """
      A point is a sequence, a commit's id or the beginning of one, HEAD~2, or a time. Changed members come first, in words, \
      then the text; secrets are masked. Without a point: what the last commit changed; with an address alone: what \
      changed that document last. The exit status is 0 when nothing differs and 1 when something does.

        daybook diff
        daybook diff HEAD~5
        daybook diff 3 9 profiles/llm/gpt-4o
        daybook diff 2026-11-20 profiles/llm/gpt-4o --side-by-side
        daybook diff profiles/llm/gpt-4o
      """)

  @Argument(help: "Up to two points, old first, and an address, which has a slash.")
  var arguments: [String] = []

  @OptionGroup var layout: LayoutOptions
  @OptionGroup var global: GlobalOptions

  private var address: String? { arguments.last.flatMap { $0.contains("/") ? $0 : nil } }
  private var points: [String] { arguments.dropLast(address == nil ? 0 : 1) }

  func validate() throws {
    if points.count > 2 { throw ValidationError("Two points at most can be compared.") }
  }

  func run() async throws {
    let isDifferent = try await global.withStore { store -> Bool in
      let snapshot = store.snapshot()
      let changes = try changes(in: snapshot)
      for (place, change) in changes.enumerated() {
        let view = ChangeView(difference: try snapshot.difference(change))
        if global.json {
          try Output.json(view.difference.json)
        } else {
          try Output.write(((place == 0 ? "" : "\n") + view.text(layout.layout, .output)).utf8)
        }
      }
      return !changes.isEmpty
    }
    if isDifferent { throw ExitCode.different }
  }

  private func changes(in snapshot: Snapshot) throws -> [Change] {
    if let from = points.first {
      let to = points.count > 1 ? try Point(argument: points[1]) : .newest
      return try snapshot.changes(from: Point(argument: from), to: to, of: address)
    }
    guard let address else { return try snapshot.changes(in: snapshot.commit(at: .newest)) }
    guard let last = try snapshot.history(of: address, limit: 1).first else {
      throw StoreError(.notFound, "There never was a document '\(address)'.", document: address)
    }
    let wanted = try snapshot.kinds.address(address)
    return try snapshot.changes(in: last.commit).filter { $0.address == wanted }
  }
}
