package import Daybook
package import Documents

/// A conversation as one JSON value, to be kept elsewhere and brought in again, here or into another store:
///
/// ```json
/// { "id": "019a…", "session": { "title": "Feeds", "status": "active", … }, "messages": [ … ] }
/// ```
extension Sessions {
  /// - Throws: `.notFound`, `.limit` for one that is too long to be brought in again.
  package func export(_ id: String, for caller: Caller) throws(StoreError) -> JSONValue {
    let snapshot = documents.store.snapshot()
    let session = try snapshot.document(id, in: documents.collection, of: caller)
    let messages = try snapshot.lastMessages(of: "\(session.address)")
    return ["id": .string(id), "session": session.root.value, "messages": .array(messages)]
  }

  /// Brings in a conversation that was exported, as the caller's own. It keeps its id if that is free and was so always,
  /// since the history of an id is that of one conversation; else it gets a new one.
  ///
  /// - Throws: `.invalid` for a value that is no such export, or breaks the rules of the kind, `.limit` for one that is too
  ///   long.
  package func importSession(_ export: JSONValue, for caller: Caller) async throws -> Document {
    guard var session = export["session"]?.object, let messages = export["messages"]?.array else {
      throw StoreError(
        .invalid, "This is no exported session: it needs the members \"session\" and \"messages\".",
        hint: "Import what an export gave.")
    }
    guard messages.count <= Limits.itemsAtOnce else {
      throw StoreError(.limit, "A session is brought in with at most \(Limits.itemsAtOnce) messages.")
    }
    session["user"] = .string(caller.user)
    let wanted = export["id"]?.string.flatMap { UUIDv7(parsing: $0) }.map { "\(documents.collection)/\($0)" }
    let receipt = try await documents.store.change(for: caller) { snapshot, transaction in
      var address = ""
      if let wanted, try snapshot.history(of: wanted, limit: 1).isEmpty {
        address = wanted
        try transaction.put(address, .object(session), if: .absent)
      } else {
        address = "\(try transaction.create(in: documents.collection, .object(session)))"
      }
      if !messages.isEmpty { try transaction.append(messages, to: SessionMessages.series, of: address) }
    }
    return try documents.store.document(writtenBy: receipt)
  }
}
