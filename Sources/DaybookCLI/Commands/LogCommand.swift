import ArgumentParser
import Daybook
import Documents

struct LogCommand: StoreCommand {
  static let configuration = CommandConfiguration(
    commandName: "log",
    abstract: "Show the commits of the store, or of one document, newest first.",
    discussion: """
      A document's history, and a collection's, come from an index, so they are quick however long the store's is.

        daybook log --limit 5
        daybook log profiles/llm/gpt-4o --oneline
        daybook log profiles/llm --since 2026-11-01
        daybook log --actor ann@example.org --origin hand --until 2026-11-21T12:00:00Z
        daybook log --path schemas/note.schema.json
      """)

  @Argument(help: "A document, as collection/id, or a collection; without it, the whole store.")
  var address: String?

  @Option(help: ArgumentHelp("Only commits of whom this is a part of 'Name <mail>'.", valueName: "text"))
  var actor: String?

  @Option(help: ArgumentHelp("Only commits from there, such as command, library, hand or store.", valueName: "origin"))
  var origin: String?

  @Option(help: ArgumentHelp("Only commits since this time or day, in UTC, or since this commit.", valueName: "point"))
  var since: String?

  @Option(help: ArgumentHelp("Only commits up to this time or day, in UTC, or to this commit.", valueName: "point"))
  var until: String?

  @Option(help: ArgumentHelp("Only commits that changed this file or folder.", valueName: "path"))
  var path: String?

  @Option(help: "How many commits at most.")
  var limit = 50

  @Flag(help: "One line for each commit.")
  var oneline = false

  @OptionGroup var global: GlobalOptions

  func validate() throws {
    if !(1...Limits.loggedCommits).contains(limit) {
      throw ValidationError("--limit must be 1 to \(Limits.loggedCommits).")
    }
    if address != nil, path != nil { throw ValidationError("Give a document or --path, not both.") }
  }

  func run() async throws {
    try await global.withStore { store in
      let versions = try versions(in: store.snapshot())
      var isFirst = true
      for version in versions.prefix(limit) {
        let view = CommitView(commit: version.commit)
        if global.json {
          try Output.json(view.json(revision: version.revision))
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

  /// A commit, and what it left of the document that was asked for; an outer nil when none was.
  private typealias Version = (commit: CommitSummary, revision: Revision??)

  private func versions(in snapshot: Snapshot) throws -> [Version] {
    var filter = try filter(in: snapshot)
    let isCollection = snapshot.kinds.all.contains { $0.collection.text == address }
    if isCollection { filter.path = address }
    guard let address, !isCollection else {
      return try snapshot.commits(matching: filter, limit: limit + 1).map { ($0, nil) }
    }
    let history = try snapshot.history(of: address, matching: filter, limit: limit + 1)
    if history.isEmpty, try snapshot.history(of: address, limit: 1).isEmpty {
      throw StoreError(.notFound, "There never was a document '\(address)'.", document: address)
    }
    return history.map { ($0.commit, .some($0.revision)) }
  }

  private func filter(in snapshot: Snapshot) throws -> CommitFilter {
    CommitFilter(
      author: actor, origin: origin.map { Origin(rawValue: $0) }, since: try since.map { try snapshot.time($0) },
      until: try until.map { try snapshot.time($0) }, path: path)
  }
}
