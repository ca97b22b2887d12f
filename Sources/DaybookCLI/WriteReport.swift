import Daybook
import Documents

/// Makes a transaction, or only plans it, and tells what came of it: a line for each document on standard output, its
/// address and its revision, or with `--json` an object.
struct WriteReport {
  let global: GlobalOptions
  let options: WriteOptions

  func write(
    to store: Store, origin: Origin = .command, _ body: (inout Transaction) throws -> Void
  ) async throws {
    if options.dryRun {
      try tell(try store.plan(body), store.snapshot())
    } else {
      try tell(try await store.transaction(message: options.message, origin: origin, body))
    }
  }

  private func tell(_ receipt: Receipt) throws {
    for (address, revision) in receipt.documents {
      guard global.json else {
        try Output.line(revision.map { "\(address) \($0)" } ?? "\(address)")
        continue
      }
      try Output.json([
        "document": .string("\(address)"), "revision": revision.map { .string("\($0)") } ?? .null,
        "sequence": .number(JSONNumber(Int(receipt.sequence))),
        "commit": receipt.commit.map { .string("\($0)") } ?? .null, "changed": .bool(receipt.changed),
      ])
    }
    let commit = "committed as #\(receipt.sequence) (\(receipt.commit?.short ?? ""))"
    global.note(receipt.changed ? commit : "nothing changed")
  }

  private func tell(_ plan: [PlannedChange], _ snapshot: Snapshot) throws {
    for change in plan {
      guard global.json else {
        try Output.line("\(change.name): \(change.words)")
        continue
      }
      try Output.json([
        "document": .string(change.name), "revision": change.revision.map { .string("\($0)") } ?? .null,
        "sequence": .number(JSONNumber(Int(snapshot.sequence))),
        "commit": snapshot.commit.map { .string("\($0)") } ?? .null, "changed": true,
      ])
    }
    global.note(plan.isEmpty ? "nothing would change" : "a dry run: nothing was written")
  }
}
