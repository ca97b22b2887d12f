package import Daybook
package import Documents

extension Page {
  /// The page as lists show it: of each document what its kind calls the excerpt, secrets masked.
  package func json(of kind: Kind, in snapshot: Snapshot) throws(StoreError) -> JSONObject {
    var rows: [JSONValue] = []
    for document in documents { rows.append(.object(try document.excerpt(of: kind, in: snapshot))) }
    return ["documents": .array(rows), "next": next.map { .string($0) } ?? .null]
  }
}

extension Document {
  /// The members that lists show, with where the document is.
  package func excerpt(of kind: Kind, in snapshot: Snapshot) throws(StoreError) -> JSONObject {
    let root = try snapshot.masked(self).root
    let members = kind.excerpt.compactMap { pointer in
      root[pointer].map { (key: pointer.tokens.joined(separator: "."), value: $0.value) }
    }
    return [
      "document": .string("\(address)"), "revision": .string("\(revision)"),
      "sequence": .number(JSONNumber(sequence)), "excerpt": .object(JSONObject(members)),
    ]
  }
}
