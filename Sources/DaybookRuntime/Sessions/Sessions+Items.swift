package import Daybook
package import Documents

/// A conversation as the sessions of agent frameworks see it: a list of items at whose end they add, and take away. Each
/// call is one transaction.
extension Sessions {
  /// The last items, oldest first; all of them when no number is given.
  ///
  /// - Throws: `.limit` when there are more than can be given at once.
  package func items(of id: String, last count: Int? = nil, for caller: Caller) throws(StoreError) -> [JSONValue] {
    let snapshot = documents.store.snapshot()
    let session = try snapshot.document(id, in: documents.collection, of: caller)
    return try snapshot.lastMessages(count, of: "\(session.address)").map(SessionItem.item)
  }

  /// Adds items, all or none.
  package func add(items: [JSONValue], to id: String, for caller: Caller) async throws {
    try await append(items.map(SessionItem.message), to: id, for: caller)
  }

  /// Takes the last item away. Of two who do, each gets another one.
  ///
  /// - Returns: the item; nil when there is none.
  package func popItem(of id: String, for caller: Caller) async throws -> JSONValue? {
    var popped: JSONValue?
    try await changeEnd(of: id, for: caller) { end, transaction in
      let last = try end.messages(from: max(0, end.count - 1))
      popped = last.first.map(SessionItem.item)
      try end.replace(last, with: [], in: &transaction)
      return !last.isEmpty
    }
    return popped
  }

  /// The item that a transaction has taken away.
  package func item(poppedBy receipt: Receipt) throws(StoreError) -> JSONValue? {
    guard let address = receipt.documents.first?.address else { return nil }
    let before = try documents.store.snapshot().past(at: .sequence(receipt.sequence - 1))
    return try before.series(SessionMessages.series, of: "\(address)").last.map(SessionItem.item)
  }

  /// Takes all items away.
  package func clear(_ id: String, for caller: Caller) async throws {
    try await changeEnd(of: id, for: caller) { end, transaction in
      try transaction.replaceItems(of: SessionMessages.series, in: end.address, from: 0)
      return end.count > 0
    }
  }

  /// Replaces the last items by others, if they are those that are expected.
  ///
  /// - Returns: whether they were.
  package func replaceSuffix(
    _ expected: [JSONValue], with items: [JSONValue], of id: String, for caller: Caller
  ) async throws -> Bool {
    var isExpected = false
    let new = try prepared(items.map(SessionItem.message), at: documents.now()).items
    try await changeEnd(of: id, for: caller) { end, transaction in
      let last = try end.messages(from: max(0, end.count - expected.count))
      isExpected = last.map(SessionItem.item) == expected
      if isExpected { try end.replace(last, with: new, in: &transaction) }
      return isExpected
    }
    return isExpected
  }

  /// The messages of a session, as a change of their end is decided on.
  private struct End {
    let snapshot: Snapshot
    let address: String
    let count: Int

    func messages(from place: Int) throws(StoreError) -> [JSONValue] {
      try snapshot.series(SessionMessages.series, of: address, from: place)
    }

    /// - Parameter last: what must still stand at the end.
    func replace(
      _ last: [JSONValue], with messages: [JSONValue], in transaction: inout Transaction
    ) throws(StoreError) {
      try transaction.replaceItems(
        of: SessionMessages.series, in: address, from: count - last.count, expecting: last, with: messages)
    }
  }

  /// Changes the end of a session's messages; decides again when somebody else was quicker.
  ///
  /// - Parameter decide: answers whether anything changes.
  private func changeEnd(
    of id: String, for caller: Caller, _ decide: (End, inout Transaction) throws -> Bool
  ) async throws {
    let moment = documents.now()
    _ = try await documents.store.change(for: caller) { snapshot, transaction in
      let session = try snapshot.document(id, in: documents.collection, of: caller)
      let address = "\(session.address)"
      let count = try snapshot.seriesCount(SessionMessages.series, of: address)
      guard try decide(End(snapshot: snapshot, address: address, count: count), &transaction) else { return }
      try transaction.set(["updated_at": .string(moment.text)], of: address, if: .revision(session.revision))
    }
  }
}

extension Snapshot {
  /// The last messages, oldest first; all of them when no number is given.
  ///
  /// - Throws: `.limit` when there are more than can be given at once.
  func lastMessages(_ count: Int? = nil, of address: String) throws(StoreError) -> [JSONValue] {
    let total = try seriesCount(SessionMessages.series, of: address)
    let wanted = max(0, min(count ?? total, total))
    let end = try seriesEnd(
      SessionMessages.series, of: address, limit: min(wanted, Limits.itemsAtOnce), bytes: Limits.itemsBytes)
    guard end.items.count == wanted else {
      throw StoreError(
        .limit, "'\(address)' has \(total) messages; no more than the last \(end.items.count) are given at once.",
        hint: "Ask for some of them, page by page.", document: address)
    }
    return end.items
  }
}
