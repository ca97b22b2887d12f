import ArgumentParser
import Daybook

struct DiffCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff",
    abstract: "Show what is different between two commits.",
    discussion: """
      Changed members come first, in words, then the text. Without a commit: what the last one changed; with an address \
      alone: what changed that document last. The exit status is 0 when nothing differs and 1 when something does.

        daybook diff
        daybook diff HEAD~5
        daybook diff '#3' '#9' profiles/llm/gpt-4o
        daybook diff profiles/llm/gpt-4o
      """)

  @Argument(help: "Up to two commits, old first, and an address, which has a slash.")
  var arguments: [String] = []

  @OptionGroup var global: GlobalOptions

  private var address: String? { arguments.last.flatMap { $0.contains("/") ? $0 : nil } }
  private var commits: ArraySlice<String> { arguments.dropLast(address == nil ? 0 : 1) }

  func validate() throws {
    if commits.count > 2 { throw ValidationError("Two commits at most can be compared.") }
  }

  func run() async throws {
    let isDifferent = try await global.withStore { store -> Bool in
      let snapshot = store.snapshot()
      let changes = try changes(in: snapshot).map { change throws(StoreError) in
        try ChangeView(change, in: snapshot)
      }
      for (place, change) in changes.enumerated() {
        if global.json {
          try Output.json(change.json)
        } else {
          try Output.write(((place == 0 ? "" : "\n") + change.text(.output)).utf8)
        }
      }
      return !changes.isEmpty
    }
    if isDifferent { throw ExitCode.different }
  }

  private func changes(in snapshot: Snapshot) throws -> [Change] {
    let changes = try allChanges(in: snapshot)
    guard let address else { return changes }
    let wanted = try snapshot.kinds.address(address)
    return changes.filter { change in
      switch change.subject {
      case .document(let address), .series(_, let address): address == wanted
      case .file: false
      }
    }
  }

  private func allChanges(in snapshot: Snapshot) throws -> [Change] {
    if let from = commits.first {
      let newest = try snapshot.commit(named: commits.count > 1 ? commits[commits.startIndex + 1] : "HEAD")
      return try snapshot.changes(from: snapshot.commit(named: from), to: newest)
    }
    guard let address else { return try snapshot.changes(in: snapshot.commit(named: "HEAD")) }
    guard let last = try snapshot.history(of: address, limit: 1).first else {
      throw StoreError(.notFound, "There never was a document '\(address)'.", document: address)
    }
    return try snapshot.changes(in: last.commit)
  }
}
