import Daybook
import DaybookRuntime
import HTTPTypes
import Hummingbird
import NIOCore

/// The stream of all changes.
enum EventEndpoints {
  static let group = Endpoint.Group(name: "Events", description: "All changes as they happen, from any moment on.")

  static let all: [Endpoint] = [events].admitting(.callers)

  static let events = Endpoint(
    .get, "/v1/events", group, "Follow what changes",
    """
    Server-sent events, one for each change, in the order of the commits. A client that was cut off sends the id of the last event \
    it got, in `Last-Event-ID` as browsers do by themselves, and goes on behind it: without a gap, without a duplicate, however \
    old it is. An id of another history is answered with an event `reset`; then read anew what you show. Without an id, events \
    begin with the next change. Names: \(EventName.allCases.map { "`\($0.rawValue)`" }.joined(separator: ", ")).
    """,
    parameters: [
      Parameter(
        "after", in: .query, "Begin behind this event or sequence.",
        ["type": "string", "pattern": "^[0-9]{1,19}(-[0-9a-f]{4,40}(\\.[0-9]{1,6})?)?$"], example: "4711-8f3c2d1a90"),
      Parameter(
        "Last-Event-ID", in: .header, "The same; it counts before `after`.", ["type": "string", "maxLength": 100]),
      Parameter(
        "collection", in: .query, "Only changes of this collection.", ["type": "string", "maxLength": 260],
        isRepeatable: true, example: "tasks"),
      Parameter("document", in: .query, "Only changes of this document.", Form.address),
      Parameter(
        "event", in: .query, "Only events of this name.",
        ["type": "string", "enum": .array(EventName.allCases.map { .string($0.rawValue) })], isRepeatable: true),
    ],
    outcomes: [
      Endpoint.Outcome(
        .ok, "The stream. It ends when the service stops, or what the reader came with counts no more.",
        content: (MediaTypes.events, ["type": "string"])),
      .problem(.badRequest, "`after` or `Last-Event-ID` is not the id of an event."),
      .problem(.notFound, "There is no such collection."),
      .problem(.serviceUnavailable, "There are too many readers, or too many of the caller's."),
      .problem(.forbidden, "The id is not possible."),
    ]
  ) { call in
    var filter = EventFilter(reader: call.caller)
    let kinds = call.store.kinds
    for collection in call.texts("collection") {
      let name = try kinds.kind(of: collection).collection.text
      try call.caller.check(.read, in: name)
      filter.collections.insert(name)
    }
    filter.document = try call.text("document").map { "\(try kinds.address($0))" }
    filter.names = Set(call.texts("event").compactMap { EventName(rawValue: $0) })
    let (start, greeting) = try start(call)
    let seat = try call.rooms.metrics.eventReaders.take(for: call.caller)
    let feed = EventFeed(
      events: call.rooms.events, filter: filter, onHangUp: call.onHangUp, isStillAdmitted: call.isStillAdmitted,
      start: start, greeting: greeting)
    var answer = Answer(.ok)
    answer.headers[.contentType] = MediaTypes.events
    answer.headers[.cacheControl] = "no-store"
    answer.body = ResponseBody { writer in
      defer { seat.leave() }
      try await feed.write(to: &writer)
      try await writer.finish(nil)
    }
    return answer
  }

  /// Where the stream begins, and what it begins with: an id without an event, so that whoever is cut off before the
  /// first event also knows where to go on.
  private static func start(_ call: Call) throws -> (EventPosition, ByteBuffer) {
    let snapshot = call.store.snapshot()
    let newest = EventID(sequence: snapshot.sequence, commit: snapshot.commit?.short)
    var greeting = ByteBuffer(string: "retry: 2000\n")
    guard let text = call.text("Last-Event-ID") ?? call.text("after") else {
      greeting.writeString("id: \(newest)\n\n")
      return (EventPosition(after: snapshot.sequence), greeting)
    }
    guard let id = EventID(text) else {
      throw Problem(.badRequest, code: .usage, "'\(text)' is not the id of an event.", hint: "Such as \(newest).")
    }
    if isForeign(id, snapshot) {
      greeting.writeImmutableBuffer(EventMaker.resetBytes(newest))
      return (EventPosition(after: snapshot.sequence), greeting)
    }
    greeting.writeString(": on from \(id)\n\n")
    return (EventPosition(id.sequence, place: id.place ?? .max), greeting)
  }

  private static func isForeign(_ id: EventID, _ snapshot: Snapshot) -> Bool {
    if id.sequence > snapshot.sequence || !snapshot.hasHistory(after: id.sequence) { return true }
    guard let commit = id.commit, id.sequence > 0 else { return false }
    guard let found = try? snapshot.commit(at: .sequence(id.sequence)) else { return true }
    return !"\(found.commit)".hasPrefix(commit)
  }
}
