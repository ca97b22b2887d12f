package import Daybook
import Documents

/// Documents that expire, in a store that is killed while it is maintained: each is there whole or gone, what does not
/// expire stays, and maintenance comes to its end when it is begun again.
package enum CrashScraps {
  static let kind = (
    name: "scrap",
    schema: """
    {
      "$schema": "https://json-schema.org/draft/2020-12/schema",
      "type": "object",
      "x-daybook": {
        "collection": "scraps", "partition": "hash", "ttl": { "seconds": 1, "from": "/at" },
        "series": { "lines": { "items": { "type": "object" } } }
      }
    }
    """
  )
  /// Every so many transactions of a worker bring some.
  private static let distance = 8
  private static let lines = 2

  /// Adds two documents to a worker's transaction with this number: one that is expired and one that never will be.
  package static func add(to transaction: inout Transaction, _ worker: Int, _ number: Int) throws {
    guard number % distance == 0 else { return }
    let value: JSONValue = ["at": "2999-01-01T00:00:00Z", "number": .number(JSONNumber(number))]
    try transaction.put(staying(worker), value)
    let going = "scraps/goes-\(worker)-\(number)"
    try transaction.put(going, ["at": "2020-01-01T00:00:00Z"])
    try transaction.append([JSONValue](repeating: ["text": "x"], count: lines), to: "lines", of: going)
  }

  private static func staying(_ worker: Int) -> String { "scraps/stays-\(worker)" }

  /// - Parameter numbers: Which transaction of each worker was the last.
  static func check(_ store: Store, _ numbers: [Int]) async throws {
    try checkScraps(store, numbers)
    let report = try await store.maintain()
    guard report.isComplete, report.unreadablePacks.isEmpty else { throw CrashFault("Maintenance left \(report).") }
    guard try checkScraps(store, numbers) == 0 else { throw CrashFault("Expired documents were not swept.") }
  }

  /// Answers how many expired documents there are.
  @discardableResult
  private static func checkScraps(_ store: Store, _ numbers: [Int]) throws -> Int {
    let snapshot = store.snapshot()
    for (worker, number) in numbers.enumerated() {
      let found = try snapshot.document(staying(worker))?.root["number"]?.integer ?? 0
      guard found == number / distance * distance else {
        throw CrashFault("Worker \(worker) is at \(number), and a document that does not expire at \(found).")
      }
    }
    let expired = try snapshot.query(Query("scraps").withIDs(beginning: "goes-").limited(to: Limits.pageDocuments))
    for document in expired.documents {
      let found = try snapshot.seriesCount("lines", of: "\(document.address)")
      guard found == lines else { throw CrashFault("\(document.address) is half there: \(found) lines.") }
    }
    return expired.documents.count
  }
}
