import Daybook
import DaybookRuntime
import NIOCore

/// Makes events of changes. What makes one large is left out of it: readers fetch that.
struct EventMaker: Sendable {
  let snapshot: Snapshot

  /// All events of one commit; when what was committed cannot be read, what tells every reader to read anew.
  func events(of id: EventID) -> [Event] {
    do throws(StoreError) {
      return try events(of: snapshot.changes(in: snapshot.commit(at: .sequence(id.sequence))))
    } catch {
      return [Self.reset(id)]
    }
  }

  /// All events of one commit.
  func events(of changes: [Change]) throws(StoreError) -> [Event] {
    var concerns: [Event.Concern] = []
    for change in changes {
      concerns.append(
        Event.Concern(ownership: try ownership(of: change), collection: change.address?.collection.text))
    }
    let all = Set(concerns)
    var events: [Event] = []
    for (place, change) in changes.enumerated() {
      events.append(
        try event(change, concerns[place], besides: all.count > 1 ? all : [], place: place, of: changes.count))
    }
    return events
  }

  private func event(
    _ change: Change, _ concern: Event.Concern, besides: Set<Event.Concern>, place: Int, of count: Int
  ) throws(StoreError) -> Event {
    let name = EventName(change.subject)
    let commit = change.commit
    let id = EventID(
      sequence: commit.sequence, commit: commit.commit.short, place: place == count - 1 ? nil : place)
    var data: JSONObject = [
      "sequence": .number(JSONNumber(commit.sequence)), "commit": .string("\(commit.commit)"),
      "document": .string(change.address.map { "\($0)" } ?? change.path),
      "change": .string(change.before == nil ? "created" : change.after == nil ? "deleted" : "changed"),
      "revision": change.after.map { .string("\($0)") } ?? .null,
      "author": .string("\(commit.author)"), "time": .string(commit.time),
      "subject": .string(String(commit.subject.prefix(Limits.eventSubjectLength))),
    ]
    switch change.subject {
    case .document(let address):
      if name == .configUpdated { data["members"] = try members(change) }
      if let content = try content(change, address) { data["excerpt"] = try excerpt(content, address) }
    case .series(let series, _):
      data["series"] = .string(series)
      data["items"] = try snapshot.appendedItems(in: change).flatMap {
        Self.fitting(.array($0), Limits.eventItemsBytes)
      }
    case .file: break
    }
    let bytes = Self.bytes(id, name.rawValue, data)
    data["subject"] = .string(commit.withoutSubject.subject)
    return Event(
      position: EventPosition(commit.sequence, place: place),
      document: change.address.map { "\($0)" }, name: name, concern: concern, besides: besides, bytes: bytes,
      guardedBytes: besides.isEmpty ? nil : Self.bytes(id, name.rawValue, data))
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

  /// The document as the change left it; nil when it went.
  private func content(_ change: Change, _ address: DocumentAddress) throws(StoreError) -> JSONText? {
    guard let revision = change.after else { return nil }
    return try snapshot.text(of: address, at: revision)
  }

  private func excerpt(_ text: JSONText, _ address: DocumentAddress) throws(StoreError) -> JSONValue? {
    let kind = try snapshot.kinds.kind(of: address.collection.text)
    let root = try snapshot.masked(text, of: address).root
    let excerpt = JSONObject(
      kind.excerpt.compactMap { pointer in
        root[pointer].map { (key: pointer.tokens.joined(separator: "."), value: $0.value) }
      })
    return Self.fitting(.object(excerpt), Limits.eventExcerptBytes)
  }

  /// The members that a change of the configuration is about.
  private func members(_ change: Change) throws(StoreError) -> JSONValue? {
    Self.fitting(
      .array(try snapshot.difference(change).members.map { .string("\($0.pointer)") }), Limits.eventExcerptBytes)
  }

  private static func fitting(_ value: JSONValue, _ limit: Int) -> JSONValue? {
    value.compactBytes.count <= limit ? value : nil
  }

  // MARK: Bytes

  static func bytes(_ id: EventID, _ name: String, _ data: JSONObject) -> ByteBuffer {
    var bytes = ByteBuffer()
    bytes.writeString("id: \(id)\nevent: \(name)\ndata: ")
    bytes.writeBytes(JSONValue.object(data).compactBytes)
    bytes.writeString("\n\n")
    return bytes
  }

  /// Tells a reader that what it has may be old, and that from here on it misses nothing.
  static func resetBytes(_ id: EventID) -> ByteBuffer {
    bytes(id, "reset", ["sequence": .number(JSONNumber(id.sequence))])
  }

  static func reset(_ id: EventID) -> Event {
    Event(
      position: EventPosition(after: id.sequence), document: nil, name: .reset, concern: Event.Concern(), besides: [],
      bytes: resetBytes(id), guardedBytes: nil)
  }
}
