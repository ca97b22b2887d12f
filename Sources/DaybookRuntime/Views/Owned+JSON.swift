package import Daybook
package import Documents

/// How documents that belong to users are shown: by their id, since who asks for them knows their collection.
extension Document {
  /// The document with its revision, secrets masked.
  package func owned(in snapshot: Snapshot) throws(StoreError) -> JSONObject {
    [
      "id": .string(address.id.text), "revision": .string("\(revision)"), "sequence": .number(JSONNumber(sequence)),
      "value": try snapshot.masked(self).root.value,
    ]
  }
}

extension Page {
  /// Of each document what its kind shows in lists.
  package func owned(in snapshot: Snapshot) throws(StoreError) -> JSONObject {
    var rows: [JSONValue] = []
    for document in documents {
      let kind = try snapshot.kinds.kind(of: document.address.collection.text)
      var row = try document.excerpt(of: kind, in: snapshot)
      row["document"] = nil
      rows.append(.object(JSONObject([("id", .string(document.address.id.text))] + Array(row))))
    }
    return ["documents": .array(rows), "next": next.map { .string($0) } ?? .null]
  }
}

extension SeriesTail {
  /// The items, and the place of the first.
  package var json: JSONValue { ["first": .number(JSONNumber(first)), "items": .array(items)] }
}

extension SessionView {
  package func json(in snapshot: Snapshot) throws(StoreError) -> JSONObject {
    var object = try session.owned(in: snapshot)
    object["sequence"] = .number(JSONNumber(sequence))
    object["messages"] = messages.json
    return object
  }
}

extension ResearchState {
  package func json(in snapshot: Snapshot) throws(StoreError) -> JSONObject {
    var object = try document.owned(in: snapshot)
    object["sequence"] = .number(JSONNumber(sequence))
    object["steps"] = steps.json
    object["panels"] = panels.json
    object["analyses"] = analyses.json
    return object
  }
}

extension NegotiationState {
  package func json(in snapshot: Snapshot) throws(StoreError) -> JSONObject {
    var object = try document.owned(in: snapshot)
    object["sequence"] = .number(JSONNumber(sequence))
    object["offers"] = offers.json
    object["current_offers"] = .array(currentOffers)
    return object
  }
}

extension DeletedPanels {
  /// Of each page what its kind shows in lists, and when it was deleted by whom.
  package func json(in snapshot: Snapshot) throws(StoreError) -> JSONObject {
    var rows: [JSONValue] = []
    for panel in panels {
      let document = panel.document
      let kind = try snapshot.kinds.kind(of: document.address.collection.text)
      rows.append([
        "id": .string(document.address.id.text), "deleted_at": .string(panel.deletion.time),
        "deleted_by": .string("\(panel.deletion.author)"),
        "excerpt": try document.excerpt(of: kind, in: snapshot)["excerpt"] ?? [:],
      ])
    }
    return ["documents": .array(rows), "next": next.map { .string($0) } ?? .null]
  }
}
