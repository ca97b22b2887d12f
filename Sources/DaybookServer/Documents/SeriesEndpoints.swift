import Daybook
import DaybookRuntime
import HTTPTypes

/// Series: lists that belong to a document and only grow.
enum SeriesEndpoints {
  static let group = Endpoint.Group(
    name: "Series", description: "Lists that belong to a document and only grow, such as the messages of a session.")

  static let all: [Endpoint] = [read, append].admitting(.callers)

  private static let series = Parameter(
    "series", in: .path, "The name of the series.", ["type": "string", "minLength": 1, "maxLength": 64],
    example: "messages")

  static let read = Endpoint(
    .get, "/v1/series/{collection+}/{id}/{series}", group, "Read a series",
    "Oldest first, from a place on; or the last ones with `tail`. There are fewer when they are large.",
    parameters: [
      .collection, .id, series,
      Parameter(
        "from", in: .query, "The place of the first item; 0 is the oldest.",
        ["type": "integer", "minimum": 0, "maximum": 1_000_000_000]),
      Parameter(
        "tail", in: .query, "Only so many of the newest.",
        ["type": "integer", "minimum": 1, "maximum": .number(JSONNumber(Limits.largestPage))]),
      .limit,
    ],
    outcomes: [
      Endpoint.Outcome(
        .ok, "The items.",
        json: Form.object([
          ("items", Form.list(["type": "object"])),
          ("from", ["type": "integer", "description": "The place of the first one."]),
          ("count", ["type": "integer", "description": "How many the series has."]),
          ("sequence", Form.sequence),
        ])),
      .problem(.unprocessableContent, "`from` and `tail` exclude each other."),
      .problem(.notFound, "There is no such document or series."),
      .problem(.forbidden, "The id is not possible."),
    ]
  ) { call in
    let (sight, address, series) = (call.sight, call.address, call["series"])
    try sight.check(address)
    let snapshot = sight.snapshot
    let count = try snapshot.seriesCount(series, of: address)
    let (first, items): (Int, [JSONValue])
    if let tail = call.integer("tail") {
      guard call.integer("from") == nil else {
        throw Problem(.unprocessableContent, code: .usage, "from and tail exclude each other.")
      }
      (first, items) = try snapshot.seriesEnd(series, of: address, limit: tail)
    } else {
      let from = call.integer("from") ?? 0
      (first, items) = (from, try snapshot.seriesPage(series, of: address, from: from, limit: call.pageLimit))
    }
    return .json([
      "items": .array(items), "from": .number(JSONNumber(first)), "count": .number(JSONNumber(count)),
      "sequence": .number(JSONNumber(snapshot.sequence)),
    ])
  }

  static let append = Endpoint(
    .post, "/v1/series/{collection+}/{id}/{series}", group, "Append to a series",
    "All items at once, in their order. An item without `id` gets one.",
    parameters: [.collection, .id, series] + .writing,
    body: Endpoint.Body(
      Form.object([
        (
          "items",
          [
            "type": "array", "items": ["type": "object"], "minItems": 1,
            "maxItems": .number(JSONNumber(Limits.largestPage)),
          ]
        )
      ]), limit: Limits.documentBytes, example: ["items": [["role": "user", "content": "What changed in Swift 6.3?"]]]),
    outcomes: [
      .writes("They are appended."),
      .problem(.notFound, "There is no such document or series."),
      .problem(.conflict, "The document's file holds an edit that collides."),
      .problem(.unprocessableContent, "An item breaks a rule of the series; nothing is written."),
      .problem(.forbidden, "The id is not possible."),
    ]
  ) { call in
    let items = call.member("items")?.elements.map(\.value) ?? []
    let (address, series) = (call.address, call["series"])
    return .writes(
      try await call.commit { transaction in
        try transaction.append(items, to: series, of: address)
      })
  }
}
