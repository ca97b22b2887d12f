import DaybookRuntime
import NIOCore

/// Which events a reader wants, and may have.
struct EventFilter: Sendable {
  /// Whoever reads: events about documents of others are not for them.
  let reader: Caller
  var collections: Set<String> = []
  var document: String?
  var names: Set<EventName> = []

  /// Whether an event is for the reader.
  func admits(_ event: Event) -> Bool {
    if event.name == .reset { return true }
    if !collections.isEmpty, !collections.contains(event.concern.collection ?? "") { return false }
    if let document, event.document != document { return false }
    return (names.isEmpty || names.contains(event.name)) && mayRead(event.concern)
  }

  /// An event as the reader may have it.
  func bytes(of event: Event) -> ByteBuffer {
    guard let guarded = event.guardedBytes, !event.besides.allSatisfy(mayRead) else { return event.bytes }
    return guarded
  }

  private func mayRead(_ concern: Event.Concern) -> Bool {
    guard let ownership = concern.ownership, let collection = concern.collection else {
      return reader.isLocal || reader.grant.administers
    }
    return reader.may(.read, ownership, in: collection)
  }
}
