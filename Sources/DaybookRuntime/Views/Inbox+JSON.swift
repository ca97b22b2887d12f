package import Daybook
package import Documents

extension Decision {
  /// What was decided, and whether its thread goes on.
  package func json(in snapshot: Snapshot) throws(StoreError) -> JSONObject {
    [
      "document": .object(try document.owned(in: snapshot)), "thread": .object(try thread.owned(in: snapshot)),
      "resumed": .bool(resumed),
    ]
  }
}

extension AgentSessionState {
  package func json(in snapshot: Snapshot) throws(StoreError) -> JSONObject {
    func rows(_ documents: [Document]) throws(StoreError) -> JSONValue {
      .array(try documents.map { document throws(StoreError) in .object(try document.owned(in: snapshot)) })
    }
    return [
      "thread": .object(try thread.owned(in: snapshot)),
      "checkpoints": .array(try checkpoints.map { checkpoint throws(StoreError) in try checkpoint.json() }),
      "interrupts": try rows(interrupts), "todos": try rows(todos), "sequence": .number(JSONNumber(sequence)),
    ]
  }
}
