import ArgumentParser
import Daybook
import Documents

struct TidyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tidy",
    abstract: "Make the store take less room on the disk.",
    discussion: """
      Rewrites Git's packs so that each version of a document is kept as its difference from the one before. A store that \
      stays open does so by itself when nobody writes for a while; short commands do not. Nothing is lost, and no commit \
      changes. Packs with a .keep file stay as they are.

        daybook tidy
      """)

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let report = try await global.withStore { store in try await store.condense() }
    if global.json { try Output.json(json(report)) } else { try tell(report) }
  }

  private func tell(_ report: CondensingReport) throws {
    try Output.line("before  \(report.packsBefore.of("pack")), \(report.bytesBefore) bytes")
    try Output.line("after   \(report.packsAfter.of("pack")), \(report.bytesAfter) bytes")
    global.note("freed \(report.bytesBefore - report.bytesAfter) bytes")
  }

  private func json(_ report: CondensingReport) -> JSONObject {
    [
      "packs_before": .number(JSONNumber(report.packsBefore)), "packs_after": .number(JSONNumber(report.packsAfter)),
      "bytes_before": .number(JSONNumber(report.bytesBefore)), "bytes_after": .number(JSONNumber(report.bytesAfter)),
    ]
  }
}
