import Daybook
import HTTPTypes

/// Schemas, parameters and outcomes that the kinds which belong to users share.
extension Form {
  /// A document by its id.
  static let owned = object(ownedMembers)
  static let ownedMembers: [(String, JSONValue)] = [
    ("id", ["type": "string"]), ("revision", revision), ("sequence", sequence), ("value", anyDocument),
  ]
  static let ownedPage = object([
    (
      "documents",
      list(
        object([
          ("id", ["type": "string"]), ("revision", revision), ("sequence", sequence),
          ("excerpt", ["type": "object", "description": "The members that the kind shows in lists."]),
        ]))
    ),
    ("next", nullable(["type": "string", "description": "What `after` takes for the following page."])),
  ])
  static let tail = object([
    ("first", ["type": "integer", "description": "The place of the first one; 0 is the oldest."]),
    ("items", list(["type": "object"])),
  ])

  /// Where a page goes on. It may name a document with all that the list is ordered by.
  static let cursor: JSONValue = [
    "type": "string", "maxLength": 4_000, "description": "Go on behind a page, with its `next`.",
  ]

  static func text(_ description: String, atLeast: Int = 0, atMost: Int = 100_000) -> JSONValue {
    [
      "type": "string", "description": .string(description), "minLength": .number(JSONNumber(atLeast)),
      "maxLength": .number(JSONNumber(atMost)),
    ]
  }
  static let reason = text("Why, a sentence for people.", atMost: 10_000)
  static let metadata: JSONValue = ["type": "object", "description": "What the application wants to remember."]

  /// Objects that are added at once.
  static func items(_ description: String, atLeast: Int = 1) -> JSONValue {
    [
      "type": "array", "items": ["type": "object"], "minItems": .number(JSONNumber(atLeast)),
      "maxItems": .number(JSONNumber(Limits.largestPage)), "description": .string(description),
    ]
  }
}

extension Parameter {
  static let ownID = Parameter(
    "id", in: .path, "Its id.", ["type": "string", "minLength": 1, "maxLength": 512],
    example: "019aa4f0-7c00-7000-8000-3f2b6c1d9e55")
  static let after = Parameter(
    "after", in: .query, "Go on behind a page, with its `next`.", Form.cursor)
  static let from = Parameter(
    "from", in: .query, "The place of the first item; 0 is the oldest.",
    ["type": "integer", "minimum": 0, "maximum": 1_000_000_000])
  static let searchText = Parameter(
    "q", in: .query, "The words that must all be found.", ["type": "string", "minLength": 1, "maxLength": 250],
    isRequired: true, example: "swift")

  static func status<Status: CaseIterable & RawRepresentable>(_: Status.Type) -> Parameter
  where Status.RawValue == String {
    Parameter(
      "status", in: .query, "Only those of this status.",
      ["type": "string", "enum": .array(Status.allCases.map { .string($0.rawValue) })])
  }
}

extension Endpoint.Outcome {
  static func owned(_ status: HTTPResponse.Status = .ok, _ description: String) -> Endpoint.Outcome {
    Endpoint.Outcome(
      status, description, json: Form.owned, headers: [("ETag", "The document's revision, in quotes.")]
    ) { call, receipt in try call.owned(call.document(writtenBy: receipt), status) }
  }

  /// A new document, which is found below a path.
  static func created(_ description: String, below path: String) -> Endpoint.Outcome {
    Endpoint.Outcome(
      .created, description, json: Form.owned,
      headers: [("ETag", "The document's revision, in quotes."), ("Location", "Where it is.")]
    ) { call, receipt in try call.created(call.document(writtenBy: receipt), below: path) }
  }

  static let ownedPage = Endpoint.Outcome(.ok, "A page.", json: Form.ownedPage)
}

extension Array where Element == Endpoint.Outcome {
  /// What else may come of reading one.
  static var readingOwned: [Endpoint.Outcome] {
    [.problem(.notFound, "The caller has none of this id."), .problem(.forbidden, "The id is not possible.")]
  }

  /// What else may come of changing one.
  static var changingOwned: [Endpoint.Outcome] {
    readingOwned + [
      .problem(.conflict, "Its status does not allow it; the problem says what happened before."),
      .problem(.preconditionFailed, "It is at another revision than `If-Match` says."),
      .problem(.unprocessableContent, "A value breaks a rule of its kind; `violations` says which."),
    ]
  }

  static var creatingOwned: [Endpoint.Outcome] {
    [.problem(.unprocessableContent, "A value breaks a rule of its kind; `violations` says which.")]
  }

  static var listingOwned: [Endpoint.Outcome] {
    [.ownedPage, .problem(.unprocessableContent, "A cursor that this list cannot have, or a search for nothing.")]
  }
}
