package import Daybook
package import Documents

/// What became of a write that was accepted.
package enum DeferredState: Sendable {
  /// It is still to be made; `lastError` says why it could not be made yet, if it was tried.
  case waiting(attempts: Int, lastError: StoreError?)
  case done(DeferredResult)
  /// It will not be made.
  case failed(StoreError)
}

/// What a deferred write came to.
package struct DeferredResult: Sendable {
  /// The documents that it wrote, with their revisions; nil for a deleted one.
  package let documents: [(address: DocumentAddress, revision: Revision?)]
  /// The sequence of the commit.
  package let sequence: UInt64

  package init(documents: [(address: DocumentAddress, revision: Revision?)], sequence: UInt64) {
    self.documents = documents
    self.sequence = sequence
  }

  package init(_ receipt: Receipt) {
    documents = receipt.documents
    sequence = receipt.sequence
  }

  package init(_ document: Document) {
    documents = [(document.address, document.revision)]
    sequence = document.sequence
  }
}

/// How many writes are deferred, for status and metrics.
package struct DeferredCounts: Sendable {
  package let waiting: Int
  package let bytes: Int
  /// Since the service began.
  package let done: Int
  package let failed: Int
  /// How many tries were not the last of their write.
  package let retried: Int
  /// Why the first that waits could not be made yet, if it was tried.
  package let lastError: StoreError?
}
