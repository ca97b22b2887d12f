import Daybook
import DaybookRuntime
import HTTPTypes

/// Collections: which there are, and what is in them.
enum CollectionEndpoints {
  static let group = Endpoint.Group(
    name: "Collections", description: "Which collections there are, what is in them, and new documents.")

  static let all: [Endpoint] = [list, query].admitting(.callers)

  static let list = Endpoint(
    .get, "/v1/collections", group, "List the collections",
    parameters: [.at],
    outcomes: [
      Endpoint.Outcome(
        .ok, "The collections that the caller may list, with the number of the documents that it sees.",
        json: Form.object([
          (
            "collections",
            Form.list(
              Form.object([
                ("collection", ["type": "string"]), ("kind", ["type": "string"]),
                ("title", Form.nullable(["type": "string"])), ("documents", ["type": "integer"]),
              ]))
          )
        ])),
      .problem(.notFound, "There is no such point of the history."),
    ]
  ) { call in
    let sight = call.sight
    let snapshot = sight.snapshot
    let past = try call.text("at").map { try snapshot.past(at: Point(parsing: $0)) }
    if sight.caller.isLocal, past == nil { return .json(["collections": .array(try rows(sight, nil))]) }
    return .json(["collections": .array(try await call.apart { try rows(sight, past) })])
  }

  private static func rows(_ sight: Sight, _ past: PastSnapshot?) throws(StoreError) -> [JSONValue] {
    var rows: [JSONValue] = []
    for kind in sight.snapshot.kinds.all {
      let name = kind.collection.text
      guard let count = try sight.count(of: name, in: past) else { continue }
      rows.append([
        "collection": .string(name), "kind": .string(kind.name), "title": kind.title.map { .string($0) } ?? .null,
        "documents": .number(JSONNumber(count)),
      ])
    }
    return rows
  }

  static let query = Endpoint(
    .get, "/v1/collections/{collection+}", group, "Query a collection",
    """
    Lists documents with the members that their kind shows in lists. An index that the kind declares makes conditions \
    quick; without one, at most \(Limits.examinedDocuments) documents are read for a page, which may be short and still \
    have others behind it, and no more than those are sorted. Pages are by key: documents that come or go meanwhile \
    neither repeat nor hide others.
    """,
    parameters: [
      .collection,
      Parameter(
        "where", in: .query,
        "A condition: a member, one of = < <= > >= ^= (begins with), and a value. All that are given must hold.",
        ["type": "string", "minLength": 2, "maxLength": 300], isRepeatable: true, example: "status=failed"),
      Parameter(
        "q", in: .query,
        """
        Words that must all stand in the members that the kind reads as text, in any case and also inside of other words. Such \
        a page may be short, and still have others behind it.
        """,
        ["type": "string", "minLength": 1, "maxLength": 300], example: "swift 6"),
      Parameter(
        "sort", in: .query, "Order by a member; downwards with a - before it. Without it, by id.",
        ["type": "string", "minLength": 1, "maxLength": 500], example: "-updated_at"),
      Parameter(
        "prefix", in: .query, "Only ids that begin so.", ["type": "string", "maxLength": 512], example: "gpt"),
      .limit, .after, .at,
    ],
    outcomes: [
      Endpoint.Outcome(.ok, "A page.", json: Form.page),
      .problem(.unprocessableContent, "A condition, an order or a cursor that this query cannot have."),
      .problem(.notFound, "There is no such collection, or no such point of the history."),
    ]
  ) { call in
    let sight = call.sight
    let snapshot = sight.snapshot
    let kind = try snapshot.kinds.kind(of: call["collection"])
    let query = try query(call, sight).examining(atMost: Limits.examinedDocuments)
    if call.text("q") == nil, call.text("at") == nil, try snapshot.isIndexed(query) {
      return .json(try call.sealed(snapshot.query(query)).json(of: kind, in: snapshot))
    }
    return .json(
      try await call.apart { try call.sealed(page(query, call, in: snapshot)).json(of: kind, in: snapshot) })
  }

  private static func query(_ call: Call, _ sight: Sight) throws -> Query {
    var query = try Query(call["collection"]).limited(to: call.pageLimit).after(call.pageEnd)
    for condition in call.texts("where") { query = try query.where(condition: condition) }
    query = try sight.bounded(query)
    if let prefix = call.text("prefix") { query = query.withIDs(beginning: prefix) }
    return try call.text("sort").map { try query.sorted(order: $0) } ?? query
  }

  private static func page(_ query: Query, _ call: Call, in snapshot: Snapshot) throws -> Page {
    switch (call.text("q"), call.text("at")) {
    case (nil, nil): return try snapshot.query(query)
    case (nil, let point?): return try snapshot.past(at: Point(parsing: point)).query(query)
    case (let words?, nil):
      return try snapshot.search(query, for: words, limit: call.pageLimit, after: call.pageEnd)
    case (.some, .some):
      throw Problem(.unprocessableContent, code: .usage, "Words are searched in what is there now: leave out q or at.")
    }
  }
}
