import Daybook
import DaybookRuntime
import HTTPTypes

/// Looking into the past: commits, differences, and who set what.
enum HistoryEndpoints {
  static let group = Endpoint.Group(
    name: "History", description: "Commits, differences, who set what; and taking things back with new commits.")

  static let all: [Endpoint] = [history, diff, blame].admitting(.callers)

  static let document = Parameter("document", in: .query, "A document, as collection/id.", Form.address)
  private static let missing = Endpoint.Outcome.problem(
    .notFound, "There is no such document, or point of the history.")
  private static let unclear = Endpoint.Outcome.problem(.unprocessableContent, "A point that cannot be read.")
  private static let impossible = Endpoint.Outcome.problem(.forbidden, "The id is not possible.")

  static let history = Endpoint(
    .get, "/v1/history", group, "List commits, newest first",
    "Of the whole store, of a collection, or of one document, also one that was deleted.",
    parameters: [
      document,
      Parameter("collection", in: .query, "Only commits that changed this collection.", ["type": "string"]),
      Parameter("author", in: .query, "Only commits of whom this is a part of `Name <mail>`.", ["type": "string"]),
      Parameter("origin", in: .query, "Only commits from there.", ["type": "string"], example: "hand"),
      Parameter("since", in: .query, "Not before this moment.", Form.point),
      Parameter("until", in: .query, "Not after this moment.", Form.point),
      Parameter(
        "before", in: .query, "Only commits before this sequence: that of the last one of the page before.",
        Form.sequence),
      .limit,
    ],
    outcomes: [
      Endpoint.Outcome(
        .ok, "The commits; of a document, each with the revision that it left.",
        json: Form.object([("commits", Form.list(Form.commitSummary)), ("next", Form.nullable(Form.sequence))])),
      missing, unclear, impossible,
    ]
  ) { call in try await call.apart { try commits(call) } }

  private static func commits(_ call: Call) throws -> Answer {
    let sight = call.sight
    let filter = try filter(call, sight)
    var page = HistoryPage(limit: call.pageLimit)
    let before = call.integer("before").map { UInt64($0) }
    if let address = call.text("document") {
      try page.read(sight, address, filter, before: before)
      if page.rows.isEmpty {
        var any = HistoryPage(limit: 1)
        try any.read(sight, address, CommitFilter(), before: nil)
        guard !any.rows.isEmpty else {
          throw StoreError(.notFound, "There never was a document '\(address)'.", document: address)
        }
      }
    } else {
      try page.read(sight, filter, before: before)
    }
    return .json([
      "commits": .array(page.rows.map { .object($0) }),
      "next": page.next.map { .number(JSONNumber($0)) } ?? .null,
    ])
  }

  private static func filter(_ call: Call, _ sight: Sight) throws -> CommitFilter {
    let snapshot = sight.snapshot
    if let collection = call.text("collection") {
      _ = try snapshot.kinds.kind(of: collection)
      try sight.caller.check(.read, in: collection)
    }
    return CommitFilter(
      author: call.text("author"), origin: call.text("origin").map { Origin(rawValue: $0) },
      since: try call.text("since").map { try snapshot.time(of: Point(parsing: $0)) },
      until: try call.text("until").map { try snapshot.time(of: Point(parsing: $0)) }, path: call.text("collection"))
  }

  static let diff = Endpoint(
    .get, "/v1/diff", group, "Show what is different between two points",
    "Member by member, secrets masked.",
    parameters: [
      Parameter("from", in: .query, "The older point.", Form.point, isRequired: true),
      Parameter("to", in: .query, "The newer point; without it, the newest commit.", Form.point), document,
    ],
    outcomes: [
      Endpoint.Outcome(
        .ok, "What is different, file by file.", json: Form.object([("differences", Form.list(Form.difference))])),
      missing, unclear, impossible,
    ]
  ) { call in try await call.apart { try differences(call) } }

  private static func differences(_ call: Call) throws -> Answer {
    let sight = call.sight
    let snapshot = sight.snapshot
    let from = try Point(parsing: call["from"])
    let to = try call.text("to").map { try Point(parsing: $0) } ?? .newest
    let changes = try sight.visible(snapshot.changes(from: from, to: to, of: call.text("document")), since: from)
    guard changes.count <= Limits.largestPage else {
      // It is the answer that would be too large, not the request.
      throw Problem(
        .unprocessableContent, code: .limit,
        "\(changes.count) files are different; at most \(Limits.largestPage) are shown.",
        hint: "Ask for one document, or for points that are nearer to each other.")
    }
    let differences = try changes.map { JSONValue.object(try snapshot.difference($0).json) }
    return .json(["differences": .array(differences)])
  }

  static let blame = Endpoint(
    .get, "/v1/blame", group, "Show which commit set each member of a document",
    parameters: [
      Parameter("document", in: .query, "A document, as collection/id.", Form.address, isRequired: true),
      Parameter(
        "pointer", in: .query, "Only this member and those below it, as a JSON Pointer.", ["type": "string"],
        example: "/temperature"),
      .at,
    ],
    outcomes: [
      Endpoint.Outcome(
        .ok, "The members in the order of the text; `commit` is null where the caller may not know of it.",
        json: Form.object([("members", Form.list(["type": "object", "required": ["pointer", "value", "commit"]]))])),
      missing, unclear, impossible,
    ]
  ) { call in try await call.apart { try setters(call) } }

  private static func setters(_ call: Call) throws -> Answer {
    let point = try call.text("at").map { try Point(parsing: $0) } ?? .newest
    let sight = call.sight
    try sight.check(call["document"], at: point)
    let members = try sight.snapshot.blame(
      call["document"], at: try JSONPointer(member: call.text("pointer") ?? ""), point: point)
    let rows = try members.map { JSONValue.object($0.json(try sight.commit($0.commit))) }
    return .json(["members": .array(rows)])
  }
}

extension Snapshot {
  /// A time as it was given, or that of a commit.
  fileprivate func time(of point: Point) throws(StoreError) -> Timestamp {
    if let time = point.time { return time }
    return Timestamp(milliseconds: try commit(at: point).seconds * 1_000)
  }
}

extension JSONPointer {
  /// A pointer that a request names a member by.
  init(member text: String) throws(StoreError) {
    do {
      try self.init(parsing: text)
    } catch {
      throw StoreError(.usage, "'\(text)' does not name a member.", hint: "Write it as /name or /name/inner.")
    }
  }
}
