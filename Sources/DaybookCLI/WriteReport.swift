import Daybook
import DaybookRuntime

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
      try tell(
        try await store.transaction(
          author: options.commitAuthor, message: options.message, origin: origin, durability: options.durability, body))
    }
  }

  /// Lets the rules of a kind make a change, or only plan it, and tells what came of it in the same way.
  ///
  /// - Parameter body: makes the change for the caller that it is given.
  /// - Returns: what the body returns; nil when it was a dry run.
  @discardableResult
  func change<Result>(
    _ store: Store, for caller: Caller, _ body: (Caller) async throws -> Result
  ) async throws -> Result? {
    let record = WriteRecord()
    var terms = WriteTerms()
    terms.origin = .command
    terms.message = options.message
    terms.durability = options.durability
    terms.isDryRun = options.dryRun
    terms.record = record
    do {
      let result = try await body(caller.writing(on: terms))
      for receipt in record.receipts { try tell(receipt) }
      return result
    } catch let plan as DryRun {
      try tell(plan.changes, store.snapshot())
      return nil
    } catch {
      // Commits before the one that failed were made.
      for receipt in record.receipts { try tell(receipt) }
      throw error
    }
  }

  private func tell(_ receipt: Receipt) throws {
    if global.json {
      for document in receipt.json { try Output.json(document) }
    } else {
      for (address, revision) in receipt.documents {
        try Output.line(revision.map { "\(address) \($0)" } ?? "\(address)")
      }
    }
    let commit = "committed as #\(receipt.sequence) (\(receipt.commit?.short ?? ""))"
    global.note(receipt.changed ? commit : "nothing changed")
  }

  private func tell(_ plan: [PlannedChange], _ snapshot: Snapshot) throws {
    for change in plan {
      if global.json {
        try Output.json(change.json(on: snapshot))
      } else {
        try Output.line("\(change.name): \(change.words)")
      }
    }
    global.note(plan.isEmpty ? "nothing would change" : "a dry run: nothing was written")
  }
}
