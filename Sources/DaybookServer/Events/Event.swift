import Daybook
import DaybookRuntime
import NIOCore

/// One change as the stream tells it: whom it concerns, and its bytes as they go out.
///
/// ```
/// id: 4711-8f3c2d1a90
/// event: task
/// data: {"sequence":4711,"commit":"8f3c…","document":"tasks/0190…","change":"changed","revision":"1a90…",…}
/// ```
struct Event: Sendable {
  let sequence: UInt64
  /// Its number within its commit.
  let place: Int
  /// The collection and the address of the document; nil for a file that is none.
  let collection: String?
  let document: String?
  /// Whose document it is; nil for a file that is none.
  let ownership: Caller.Ownership?
  let name: EventName
  let bytes: ByteBuffer
}

/// Makes events of changes.
struct EventMaker: Sendable {
  let snapshot: Snapshot

  /// All events of one commit.
  func events(of changes: [Change]) throws(StoreError) -> [Event] {
    var owners: [Caller.Ownership?] = []
    for change in changes { owners.append(try ownership(of: change)) }
    // The subject names all that the commit changed; whoever may know of a part does not learn of the rest by it.
    let hidesSubject = Set(owners).count > 1 && owners.contains { if case .user = $0 { true } else { false } }
    var events: [Event] = []
    for (place, change) in changes.enumerated() {
      let commit = hidesSubject ? change.commit.withoutSubject : change.commit
      events.append(
        try event(change, commit, owners[place], place: place, isLast: place == changes.count - 1))
    }
    return events
  }

  private func event(
    _ change: Change, _ commit: CommitSummary, _ ownership: Caller.Ownership?, place: Int, isLast: Bool
  ) throws(StoreError) -> Event {
    let name = EventName(change.subject)
    let id = EventID(
      sequence: change.commit.sequence, commit: change.commit.commit.short, place: isLast ? nil : place)
    var data: JSONObject = [
      "sequence": .number(JSONNumber(change.commit.sequence)), "commit": .string("\(change.commit.commit)"),
      "document": .string(change.address.map { "\($0)" } ?? change.path),
      "change": .string(change.before == nil ? "created" : change.after == nil ? "deleted" : "changed"),
      "revision": change.after.map { .string("\($0)") } ?? .null,
      "author": .string("\(change.commit.author)"), "time": .string(change.commit.time),
      "subject": .string(commit.subject),
    ]
    switch change.subject {
    case .document(let address):
      let content = try content(change, address)
      if name == .configUpdated { data["members"] = .array(try members(change)) }
      if change.after != nil, let content { data["excerpt"] = .object(try excerpt(content, address)) }
    case .series(let series, _):
      data["series"] = .string(series)
      data["items"] = try snapshot.appendedItems(in: change).flatMap(Self.fitting)
    case .file: break
    }
    var bytes = ByteBuffer()
    bytes.writeString("id: \(id)\nevent: \(name.rawValue)\ndata: ")
    bytes.writeBytes(JSONValue.object(data).compactBytes)
    bytes.writeString("\n\n")
    return Event(
      sequence: change.commit.sequence, place: place, collection: change.address?.collection.text,
      document: change.address.map { "\($0)" }, ownership: ownership, name: name, bytes: bytes)
  }

  /// Whose the document is that a change is about.
  private func ownership(of change: Change) throws(StoreError) -> Caller.Ownership? {
    guard let address = change.address else { return nil }
    let revision: Revision? =
      if case .document = change.subject {
        change.after ?? change.before
      } else {
        try snapshot.revisions(of: address, around: change.commit.sequence).first
      }
    let text = try revision.flatMap { revision throws(StoreError) in try snapshot.text(of: address, at: revision) }
    return try text.map { text throws(StoreError) in
      try snapshot.ownership(of: address, text.root, at: change.commit.sequence)
    } ?? .nobody
  }

  /// The document as the change left it, or as it was before it went.
  private func content(_ change: Change, _ address: DocumentAddress) throws(StoreError) -> JSONText? {
    guard let revision = change.after ?? change.before else { return nil }
    return try snapshot.text(of: address, at: revision)
  }

  private func excerpt(_ text: JSONText, _ address: DocumentAddress) throws(StoreError) -> JSONObject {
    let kind = try snapshot.kinds.kind(of: address.collection.text)
    let root = try snapshot.masked(text, of: address).root
    return JSONObject(
      kind.excerpt.compactMap { pointer in
        root[pointer].map { (key: pointer.tokens.joined(separator: "."), value: $0.value) }
      })
  }

  /// The members that a change of the configuration is about.
  private func members(_ change: Change) throws(StoreError) -> [JSONValue] {
    try snapshot.difference(change).members.map { .string("\($0.pointer)") }
  }

  private static func fitting(_ items: [JSONValue]) -> JSONValue? {
    let value = JSONValue.array(items)
    return value.compactBytes.count <= Limits.eventItemsBytes ? value : nil
  }
}
