package import Daybook
import Documents

extension Store {
  /// Makes a change that is decided on what a snapshot shows, and decides it again on a newer one whenever somebody else
  /// was quicker. The body says with preconditions what must not have changed.
  ///
  /// - Parameters:
  ///   - message: the subject of the commit; what changed, in words, when left out.
  ///   - durability: what must have happened before this returns; what the store was opened with when left out.
  /// - Throws: what the body throws; `.conflict` after `Limits.lostRaces` lost races, or when nobody has written meanwhile,
  ///   since then it was none; `DryRun` where the caller only wants to know (`WriteTerms`).
  package func change(
    for caller: Caller, message: String? = nil, durability: Durability? = nil,
    _ decide: (Snapshot, inout Transaction) throws -> Void
  ) async throws -> Receipt {
    let terms = caller.terms
    var races = 0
    while true {
      let snapshot = snapshot()
      if terms.isDryRun { throw DryRun(changes: try plan { try decide(snapshot, &$0) }) }
      var hasDecided = false
      do {
        let receipt = try await transaction(
          author: caller.author, message: message ?? terms.message, origin: terms.origin,
          durability: durability ?? terms.durability, request: caller.request
        ) { transaction in
          try decide(snapshot, &transaction)
          hasDecided = true
        }
        terms.record?.keep(receipt)
        return receipt
      } catch let error as StoreError where hasDecided && error.code == .conflict {
        races += 1
        if races == Limits.lostRaces || self.snapshot().sequence == snapshot.sequence { throw error }
      }
    }
  }

  /// The first document that a write was about, as it is now.
  func document(writtenBy receipt: Receipt) throws(StoreError) -> Document {
    guard let address = receipt.documents.first?.address else {
      throw StoreError(.notFound, "The write was about no document.")
    }
    guard let document = try snapshot().document(address) else { throw Snapshot.missing("\(address)") }
    return document
  }
}

extension Snapshot {
  /// A document of the caller's own.
  ///
  /// - Throws: `.notFound`, in the same words when there is none and when it is somebody else's.
  func document(_ id: String, in collection: String, of caller: Caller) throws(StoreError) -> Document {
    let address = "\(collection)/\(id)"
    guard let document = try document(address), caller.owns(document.root) else { throw Self.missing(address) }
    return document
  }

  /// The document under an id that follows from a user's name, if it is that user's: whatever else somebody put there is
  /// not what is asked for.
  func document(_ address: String, of user: String) throws(StoreError) -> Document? {
    guard let document = try document(address), document.root["user"]?.string ?? Caller.ownerID == user else {
      return nil
    }
    return document
  }

  static func missing(_ address: String) -> StoreError {
    StoreError(.notFound, "There is no document '\(address)'.", document: address)
  }
}

extension Document {
  /// What must still hold when a change that was decided on this document is written.
  ///
  /// - Parameter revision: what the caller has seen, if it matters to the caller.
  /// - Throws: `.conflict` when that is another one.
  func precondition(seen revision: Revision?) throws(StoreError) -> Precondition {
    if let revision, revision != self.revision {
      throw StoreError(
        .conflict, "'\(address)' was to be at revision \(revision.short), but it is at \(self.revision.short).",
        hint: "Read it again, and write on what is there now.", document: "\(address)")
    }
    return .revision(self.revision)
  }
}

extension Revision {
  /// The first ten digits, enough for people.
  fileprivate var short: String { String(description.prefix(10)) }
}

extension Transaction {
  /// Sets members of a document, each as a whole, which a merge patch would not do with objects.
  mutating func set(
    _ members: JSONObject, of address: String, if precondition: Precondition
  ) throws(StoreError) {
    let operations = members.map { JSONPatch.Operation.add(JSONPointer([$0.key]), $0.value) }
    try patch(address, applying: JSONPatch(operations), if: precondition)
  }
}
