import ArgumentParser
import Daybook
import Documents

struct CheckCommand: StoreCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Prove that index, files and commits say the same.",
    discussion: """
      Reads everything, and checks each document against its kind. Prints one root hash, which is equal on all machines \
      that hold the same documents. The exit status is 1 when something was found.

        daybook check
      """)

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let report = try await global.withStore { store in
      let bar = ProgressBar("files", isSilent: global.json)
      defer { bar.finish() }
      return try await store.check { done, total in bar.show(done, of: total) }
    }
    if global.json { try Output.json(json(report)) } else { try tell(report) }
    if !report.isClean { throw ExitCode.different }
  }

  private func tell(_ report: CheckReport) throws {
    for finding in report.findings {
      try Output.line("\(finding.kind.rawValue): \(Table.printable(finding.place)): \(finding.message)")
    }
    try Output.line("root \(report.rootHash)")
    let outcome = report.isClean ? "no faults" : report.findings.count.of("finding")
    let read = "\(report.documents.of("document")), \(report.files.of("file")), \(report.commits.of("commit"))"
    global.note("\(read): \(outcome)")
  }

  private func json(_ report: CheckReport) -> JSONObject {
    let findings = report.findings.map { finding -> JSONValue in
      ["kind": .string(finding.kind.rawValue), "place": .string(finding.place), "message": .string(finding.message)]
    }
    return [
      "root": .string(report.rootHash), "documents": .number(JSONNumber(report.documents)),
      "files": .number(JSONNumber(report.files)), "commits": .number(JSONNumber(report.commits)),
      "findings": .array(findings),
    ]
  }
}
