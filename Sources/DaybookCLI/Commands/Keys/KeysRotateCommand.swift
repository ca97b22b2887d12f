import ArgumentParser
import Daybook
import Documents

struct KeysRotateCommand: StoreCommand {
  static let configuration = CommandConfiguration(
    commandName: "rotate",
    abstract: "Make a new key and seal every secret with it.",
    discussion: """
      May be stopped at any time: the next run goes on. Old revisions keep what they hold, so a key that got into wrong \
      hands still reads those: change the secrets themselves too. Export the ring again afterwards, as your backup lacks the \
      new key.

        daybook keys rotate
        daybook keys rotate --new-ring    # all copies of the old ring are lost; set the secrets anew
      """)

  @Flag(help: "Begin a new ring if this machine has none. What the lost keys sealed stays closed.")
  var newRing = false

  @Flag(help: "Say what would be done, without writing.")
  var dryRun = false

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let bar = ProgressBar("secrets", isSilent: global.json)
    let report = try await global.withStore { store in
      defer { bar.finish() }
      if dryRun { return try await store.planKeyRotation(beginningRing: newRing) }
      return try await store.rotateKeys(beginningRing: newRing) { bar.show($0, of: $1) }
    }
    if global.json { try Output.json(json(report)) } else { try tell(report) }
    if report.left > 0 { throw ExitCode.different }
  }

  private func tell(_ report: KeyRotationReport) throws {
    if !report.key.isEmpty { try Output.line(report.key) }
    if dryRun {
      global.note(report.madeKey ? "a new key would be made" : "the rotation that has begun would go on")
      global.note("\(report.secrets.of("secret")) would be sealed again; a dry run: nothing was written")
    } else {
      global.note(report.madeKey ? "a new key was made" : "went on with the rotation that had begun")
      global.note("\(report.secrets.of("secret")) sealed again, in \(report.commits.of("commit"))")
    }
    for key in report.retired { global.note("retired \(key): only old revisions need it") }
    if report.left > 0 {
      global.note("\(report.left.of("secret")) left as they are: `daybook keys status` shows their keys")
    }
    for refusal in report.refusals { global.note("error: \(refusal.message)") }
    if report.madeKey, !dryRun { global.note("Back the ring up again: `daybook keys export`.") }
  }

  private func json(_ report: KeyRotationReport) -> JSONObject {
    [
      "key": report.key.isEmpty ? .null : .string(report.key), "made_key": .bool(report.madeKey),
      "secrets": .number(JSONNumber(report.secrets)), "commits": .number(JSONNumber(report.commits)),
      "retired": .array(report.retired.map { .string($0) }), "left": .number(JSONNumber(report.left)),
      "refusals": .array(report.refusals.map { .string($0.message) }), "dry_run": .bool(dryRun),
    ]
  }
}
