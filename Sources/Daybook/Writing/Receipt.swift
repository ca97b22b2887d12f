public import Documents

/// What a transaction came to.
public struct Receipt: Sendable {
  /// The documents that it wrote, with their new revisions; nil for a deleted one. A write of what was there already
  /// changes nothing, and its revision is the one that it had.
  public let documents: [(address: DocumentAddress, revision: Revision?)]
  /// Those of them that were not there before.
  public let created: Set<DocumentAddress>
  /// The sequence of its commit, or of the newest one when nothing changed.
  public let sequence: UInt64
  public let commit: CommitID?
  /// Whether anything changed.
  public let changed: Bool

  init(_ transaction: PreparedTransaction, _ builder: borrowing CommitBuilder) {
    var documents: [(address: DocumentAddress, revision: Revision?)] = []
    var seen: Set<DocumentAddress> = []
    for operation in transaction.operations {
      guard let address = operation.address, seen.insert(address).inserted else { continue }
      let state = builder.index.document(Index.name(of: address))
      documents.append((address, state.map { Revision($0.revision) }))
    }
    self.documents = documents
    let new = Set(transaction.changes.compactMap(\.newDocument))
    created = seen.filter { new.contains(Index.name(of: $0)) }
    sequence = builder.sequence
    commit = builder.head.map { CommitID($0) }
    changed = !transaction.changes.isEmpty
  }

  /// What the transaction of a commit came to, from the history.
  fileprivate init(_ commit: CommitSummary, _ changes: [Change], then: PastSnapshot) throws(StoreError) {
    var documents: [(address: DocumentAddress, revision: Revision?)] = []
    var seen: Set<DocumentAddress> = []
    for change in changes {
      guard let address = change.address, seen.insert(address).inserted else { continue }
      documents.append((address, try then.document(address)?.revision))
    }
    self.documents = documents
    created = Set(changes.compactMap(\.newDocument))
    sequence = commit.sequence
    self.commit = commit.commit
    changed = true
  }
}

extension Snapshot {
  /// What the transaction of a commit came to, as it was told whoever made it.
  public func receipt(of commit: CommitSummary) throws(StoreError) -> Receipt {
    try Receipt(commit, changes(in: commit), then: past(at: .commit(commit.commit)))
  }
}

extension FileChange {
  /// The key of the document that it makes, without its space; nil when it makes none.
  fileprivate var newDocument: [UInt8]? {
    guard basis == nil, let index, case .document(.some) = index.content else { return nil }
    return index.name
  }
}

extension Change {
  /// The document that it made; nil when it made none.
  fileprivate var newDocument: DocumentAddress? {
    guard case .document(let address) = subject, before == nil, after != nil else { return nil }
    return address
  }
}

extension Operation {
  var address: DocumentAddress? {
    switch self {
    case .put(let address, _, _), .patch(let address, _, _), .delete(let address, _), .append(let address, _, _),
      .replaceItems(let address, _, _, _, _), .segment(let address, _, _, _, _), .reseal(let address),
      .expire(let address, _, _):
      address
    case .restore(let restoration): restoration.address
    case .file, .keep, .require: nil
    }
  }

  /// Resealing says in its commit what it is, so it shares none.
  var isReseal: Bool {
    if case .reseal = self { true } else { false }
  }
}
