import ArgumentParser
import Daybook
import Documents

struct RestoreCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "restore",
    abstract: "Make a store of a backup.",
    discussion: """
      The backup is verified first; then the store is there, or nothing is. It has the history, the kinds and the id of the \
      one that was backed up, so a key ring of this machine that opened its secrets opens them again.

        daybook restore /mnt/backups/store.bundle my-store
      """)

  @Argument(help: "The file that `daybook backup` wrote.", completion: .file())
  var file: String

  @Argument(help: "The folder of the store: absent, or empty.", completion: .directory)
  var folder: String

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let options = try global.storeOptions()
    let report = try await StepBars<BackupProgress.Step>.during(isSilent: global.json) { show in
      try await Store.restore(file, to: folder, options: options, progress: { show($0.step, $0.done, $0.total) })
    }
    if global.json { try Output.json(json(report)) } else { try tell(report) }
  }

  private func tell(_ report: RestoreReport) throws {
    try Output.line(report.path)
    global.note("restored: \(BackupView(report.backup).summary)")
    if let problem = report.keyProblem {
      global.note([problem.message, problem.hint].compactMap(\.self).joined(separator: "\n"))
    } else {
      global.note("its secrets are sealed with the key ring in \(report.keyRing)")
    }
  }

  private func json(_ report: RestoreReport) -> JSONObject {
    [
      "store": .string(report.path), "backup": .object(BackupView(report.backup).json),
      "key_ring": .string(report.keyRing), "key_problem": report.keyProblem.map { .string($0.message) } ?? .null,
    ]
  }
}
