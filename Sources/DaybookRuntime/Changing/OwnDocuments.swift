import Daybook
import Documents

/// The documents of a kind that belong to users, as the rules of the kind read and change them: somebody else's are not
/// there, and whoever changes one sees no change in between.
struct OwnDocuments: Sendable {
  let store: Store
  let collection: String
  let now: @Sendable () -> Timestamp
  private let turns = Turns()

  init(_ collection: String, in store: Store, now: (@Sendable () -> Timestamp)?) {
    self.store = store
    self.collection = collection
    self.now = now ?? { store.now }
  }

  func address(_ id: String) -> String { "\(collection)/\(id)" }

  func document(_ id: String, of caller: Caller) throws(StoreError) -> Document {
    try store.snapshot().document(id, in: collection, of: caller)
  }

  /// Makes a document under an id of the store's, with whose it is and when it was made.
  func create(_ members: JSONObject, for caller: Caller) async throws -> Document {
    let moment = JSONValue.string(now().text)
    var content: JSONObject = ["user": .string(caller.user)]
    for member in members { content[member.key] = member.value }
    content["created_at"] = moment
    content["updated_at"] = moment
    let receipt = try await store.change(for: caller) { [content, collection] _, transaction in
      _ = try transaction.create(in: collection, .object(content))
    }
    return try store.document(writtenBy: receipt)
  }

  /// Sets members of a document, each as a whole, decided on what it is; again on a newer state if another change came
  /// first, unless the caller has named the revision.
  ///
  /// - Parameter decide: may append to series of the document. It must set a member then, so that nothing changes the
  ///   document in between.
  func change(
    _ id: String, if revision: Revision?, for caller: Caller,
    _ decide: (Document, Snapshot, inout Transaction) throws(StoreError) -> JSONObject
  ) async throws -> Document {
    let receipt = try await turns.take(of: id) {
      try await store.change(for: caller) { snapshot, transaction in
        let document = try snapshot.document(id, in: collection, of: caller)
        let precondition = try document.precondition(seen: revision)
        var members = try decide(document, snapshot, &transaction)
        members["updated_at"] = .string(now().text)
        try transaction.set(members, of: "\(document.address)", if: precondition)
      }
    }
    return try store.document(writtenBy: receipt)
  }

  func delete(_ id: String, if revision: Revision?, for caller: Caller) async throws {
    _ = try await turns.take(of: id) {
      try await store.change(for: caller) { snapshot, transaction in
        let document = try snapshot.document(id, in: collection, of: caller)
        try transaction.delete("\(document.address)", if: document.precondition(seen: revision))
      }
    }
  }

  /// The caller's documents whose members hold these values, newest first.
  func newest(where values: KeyValuePairs<String, String?>, of caller: Caller) throws(StoreError) -> Query {
    var query = try Query(collection).where("/user", .equals(.string(caller.user)))
      .sorted(by: "/created_at", .descending)
    for (member, value) in values {
      if let value { query = try query.where(member, .equals(.string(value))) }
    }
    return query
  }

  /// How many documents a page may have, for one who asks for so many.
  static func pageLimit(_ limit: Int) -> Int { max(1, min(limit, Limits.listedDocuments)) }
}

extension Transaction {
  /// Appends items to a series of a document that is being changed, and returns how many it has then.
  mutating func append(
    _ items: [JSONValue], to series: String, of document: Document, at moment: Timestamp, in snapshot: Snapshot
  ) throws(StoreError) -> JSONValue {
    guard items.count <= Limits.appendedItems else {
      throw StoreError(.limit, "At most \(Limits.appendedItems) items are added to a series at once.")
    }
    let address = "\(document.address)"
    try append(items.map { $0.timed(moment) }, to: series, of: address)
    return .number(JSONNumber(try snapshot.seriesCount(series, of: address) + items.count))
  }
}

extension JSONValue {
  /// An item of a series, with a time if it lacks one.
  fileprivate func timed(_ moment: Timestamp) -> JSONValue {
    guard case .object(var object) = self, object["timestamp"] == nil else { return self }
    object["timestamp"] = .string(moment.text)
    return .object(object)
  }
}
