import ArgumentParser
import Daybook
import DaybookRuntime

struct StatsCommand: StoreCommand {
  static let configuration = CommandConfiguration(
    commandName: "stats",
    abstract: "Show how much the store holds, and how it grows.",
    discussion: """
      For each collection: its documents, what their files take, how many versions they had, and what those take in Git's \
      packs. Then the largest documents, packs, log and index, and the commits of the last days. Contents are not read.

        daybook stats
        daybook stats --json
      """)

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let statistics = try await global.withStore { store in
      // What a moment ago was in the log is in the packs then.
      try await store.settle()
      return try await store.statistics()
    }
    if global.json { try Output.json(statistics.json) } else { try tell(statistics) }
  }

  private func tell(_ found: StoreStatistics) throws {
    var table = Table(["collection", "documents", "bytes", "versions", "bytes in packs"])
    for collection in found.collections where collection.versions > 0 {
      table.add([
        collection.name, "\(collection.documents)", "\(collection.bytes) bytes", "\(collection.versions)",
        "\(collection.packedBytes) bytes",
      ])
    }
    try table.print()
    try Output.line("")
    for document in found.largest { try Output.line("largest    \(document.address) \(document.bytes) bytes") }
    let times = [found.firstCommit, found.newestCommit].compactMap(\.self).joined(separator: " to ")
    try Output.line(
      """
      commits    \(found.commits), \(times)
                 #\(found.sequence), \(found.commitBytes) bytes in packs
      packs      \(found.packs), \(found.packedObjects.of("object")), \(found.packBytes) bytes, their indexes \
      \(found.packIndexBytes) bytes
                 folders and other files: \(found.otherBytes) bytes
      log        \(found.logBytes) bytes, \(found.unarchivedCommits.of("commit")) to archive
      index      \(found.indexEntries) entries, \(found.indexBytes) bytes of memory
      """)
    for day in found.days { try Output.line("day        \(day.date) \(day.commits.of("commit"))") }
  }
}
