package import Daybook
import Documents

extension Tasks {
  package func task(_ id: String, for caller: Caller) throws(StoreError) -> Document {
    try documents.document(id, of: caller)
  }

  /// The caller's tasks, those first that were created last.
  package func list(
    type: String? = nil, status: TaskStatus? = nil, limit: Int = 50, after cursor: String? = nil, for caller: Caller
  ) throws(StoreError) -> Page {
    let statuses = status.map { [$0] } ?? TaskStatus.allCases
    var query = try Query(documents.collection).owned(by: caller).where("/status", .isOneOf(statuses.map(\.json)))
    if let type { query = try query.where("/task_type", .equals(.string(type))) }
    return try documents.store.snapshot().query(
      query.sorted(.descending).limited(to: OwnDocuments.pageLimit(limit)).after(cursor))
  }
}

extension TaskStatus {
  var json: JSONValue { .string(rawValue) }
}
