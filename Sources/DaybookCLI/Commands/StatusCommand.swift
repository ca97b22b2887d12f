import ArgumentParser
import Daybook
import DaybookRuntime

struct StatusCommand: StoreCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "Show how the store is doing.",
    discussion: """
      What it holds, what waits for the archive, which files hold an edit that is not in the store, which schemas are \
      broken, which kinds of Daybook the store lacks, which documents do not fit a schema that was changed, how the store \
      and its remotes stand to each other, how many conflicts are to be decided, which secrets came into Git's history in \
      clear text, and how many documents have outlived their time.

        daybook status
      """)

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    try await global.withStore { store in
      let status = try store.status()
      if global.json { try Output.json(status.json) } else { try tell(status) }
    }
  }

  private func tell(_ status: StoreStatus) throws {
    let count = status.documents.reduce(0) { $0 + $1.count }
    try Output.line(
      """
      store      \(status.path)
      id         \(status.storeID)
      commit     \(status.commit.map { "\($0)" } ?? "none") (#\(status.sequence))
      log        \(status.logBytes) bytes, \(status.unarchivedCommits.of("commit")) to archive
      packs      \(status.packs), \(status.packBytes) bytes
      documents  \(count)
      """)
    for (collection, count) in status.documents where count > 0 { try Output.line("           \(collection) \(count)") }
    for (collection, count) in status.expiredDocuments {
      try Output.line("expired    \(count.of("document")) of \(collection)")
    }
    for problem in status.packProblems { try Output.line("pack       \(problem.error.message)") }
    let broken = Set((status.fileProblems + status.schemaProblems).map(\.path))
    for path in status.editedFiles where !broken.contains(path) { try Output.line("edited     \(path)") }
    for problem in status.fileProblems { try Output.line("broken     \(problem.path): \(problem.error.message)") }
    for problem in status.schemaProblems { try Output.line("schema     \(problem.error.message)") }
    if !status.missingKinds.isEmpty {
      try Output.line(
        "lacks      \(status.missingKinds.joined(separator: ", ")): `daybook kinds add --missing` adds these kinds")
    }
    for misfit in status.misfits { try Output.line("misfit     \(misfit.message)") }
    if status.misfitCount > status.misfits.count {
      try Output.line("misfit     and \(status.misfitCount - status.misfits.count) more: `daybook check` lists all")
    }
    for remote in status.remotes { try Output.line("remote     \(Self.words(for: remote))") }
    if status.openConflicts > 0 {
      try Output.line("conflicts  \(status.openConflicts) to be decided: `daybook conflict list` shows them")
    }
    for leak in status.leaks {
      try Output.line(
        "leaked     \(leak.document) \(leak.member): commit \(leak.commit.short) holds it in clear text for good; change "
          + "it where it is used, then here")
    }
    if let problem = status.keyProblem { try Output.line("keys       \(problem.message)") }
    if let failure = status.failure { try Output.line("failed     \(failure.message)") }
  }

  private static func words(for remote: RemoteStatus) -> String {
    var words: [String] = []
    if let ahead = remote.ahead, let behind = remote.behind {
      words.append(ahead + behind == 0 ? "holds the same" : "\(ahead) ahead, \(behind) behind")
    }
    words.append(remote.succeededAt.map { "last synced \($0)" } ?? "not synced yet")
    if let error = remote.error {
      words.append(remote.triedAt.map { "the sync of \($0) failed: \(error)" } ?? error)
    }
    return "\(remote.name): \(words.joined(separator: "; "))"
  }
}
