package import Daybook
package import Documents

extension Receipt {
  /// What a transaction came to, a member of the answer for each document.
  package var json: [JSONObject] {
    documents.map { address, revision in
      [
        "document": .string("\(address)"), "revision": revision.map { .string("\($0)") } ?? .null,
        "sequence": .number(JSONNumber(sequence)), "commit": commit.map { .string("\($0)") } ?? .null,
        "changed": .bool(changed),
      ]
    }
  }
}

extension PlannedChange {
  /// What a dry run says of one document: the form of a write, at the commit that it was planned on.
  package func json(on snapshot: Snapshot) -> JSONObject {
    [
      "document": .string(name), "revision": revision.map { .string("\($0)") } ?? .null,
      "sequence": .number(JSONNumber(snapshot.sequence)),
      "commit": snapshot.commit.map { .string("\($0)") } ?? .null, "changed": true,
    ]
  }
}

extension Document {
  /// The document with where it comes from.
  ///
  /// - Parameter text: its text with secrets masked or opened.
  package func json(_ text: JSONText) -> JSONObject {
    [
      "document": .string("\(address)"), "revision": .string("\(revision)"),
      "sequence": .number(JSONNumber(sequence)), "value": text.root.value,
    ]
  }
}
