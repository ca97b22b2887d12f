package import Daybook
import Synchronization

/// What a caller says of all that `Store.change` writes for it.
package struct WriteTerms: Sendable, Hashable {
  /// Where the writes come from.
  package var origin = Origin.service
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

/// What the writes for a caller came to, first to last.
package final class WriteRecord: Sendable {
  private let kept = Mutex<[Receipt]>([])

  package init() {}

  package var receipts: [Receipt] { kept.withLock { $0 } }

  func keep(_ receipt: Receipt) { kept.withLock { $0.append(receipt) } }
}

extension WriteRecord: Hashable {
  package static func == (one: WriteRecord, other: WriteRecord) -> Bool { one === other }

  package func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}
