package import Daybook
import Synchronization

/// What holds for all writes that come of one request or one command, whatever rules make them.
package struct WriteTerms: Sendable {
  @TaskLocal package static var current = WriteTerms()

  /// Where they come from.
  package var origin = Origin.service
  /// The name of the request, which the commits keep (`CommitSummary.request`); the caller's when nil.
  package var request: String?
  /// The subject of the commits; what changed, in words, when nil.
  package var message: String?
  /// What must have happened before a write returns; what the store was opened with when nil.
  package var durability: Durability?
  /// Whether the first write is only planned: it ends with `DryRun` then.
  package var isDryRun = false
  /// Keeps what the writes come to, for whoever wants to tell it.
  package var record: WriteRecord?

  package init() {}
}

/// What ends a write that is only planned: all that it would change.
package struct DryRun: Error {
  package let changes: [PlannedChange]
}

/// What the writes of one command came to, first to last.
package final class WriteRecord: Sendable {
  private let kept = Mutex<[Receipt]>([])

  package init() {}

  package var receipts: [Receipt] { kept.withLock { $0 } }

  func keep(_ receipt: Receipt) { kept.withLock { $0.append(receipt) } }
}
