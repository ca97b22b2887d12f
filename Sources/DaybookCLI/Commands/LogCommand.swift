import ArgumentParser
import Daybook

struct LogCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "log",
    abstract: "Show the commits of the store, or of one document, newest first.",
    discussion: """
      A document's history comes from an index, so it is quick however long the store's is.

        daybook log --limit 5
        daybook log profiles/llm/gpt-4o --oneline
      """)

  @Argument(help: "A document, as collection/id; without it, the whole store.")
  var address: String?

  @Option(help: "How many commits at most.")
  var limit = 50

  @Flag(help: "One line for each commit.")
  var oneline = false

  @OptionGroup var global: GlobalOptions

  func validate() throws {
    if limit < 1 { throw ValidationError("--limit must be at least 1.") }
  }

  func run() async throws {
    try await global.withStore { store in
      let versions = try versions(in: store.snapshot())
      var isFirst = true
      for (commit, revision) in versions.prefix(limit) {
        let view = CommitView(commit: commit)
        if global.json {
          try Output.json(address == nil ? view.json() : view.json(revision: .some(revision)))
        } else if oneline {
          try Output.line(view.line(.output))
        } else {
          try Output.write(((isFirst ? "" : "\n") + view.text(.output)).utf8)
        }
        isFirst = false
      }
      if versions.count > limit { global.note("There are more: --limit shows them.") }
    }
  }

  private func versions(in snapshot: Snapshot) throws -> [(CommitSummary, Revision?)] {
    guard let address else { return try snapshot.commits(limit: limit + 1).map { ($0, nil) } }
    let history = try snapshot.history(of: address, limit: limit + 1)
    guard !history.isEmpty else {
      throw StoreError(.notFound, "There never was a document '\(address)'.", document: address)
    }
    return history.map { ($0.commit, $0.revision) }
  }
}
