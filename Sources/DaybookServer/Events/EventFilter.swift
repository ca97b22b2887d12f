import DaybookRuntime

/// Which events a reader wants, and may have.
struct EventFilter: Sendable {
  /// Whoever reads: events about documents of others are not for them.
  let reader: Caller
  var collections: Set<String> = []
  var document: String?
  var names: Set<EventName> = []

  func admits(_ event: Event) -> Bool {
    guard mayRead(event) else { return false }
    if !collections.isEmpty, !collections.contains(event.collection ?? "") { return false }
    if let document, event.document != document { return false }
    return names.isEmpty || names.contains(event.name)
  }

  private func mayRead(_ event: Event) -> Bool {
    guard let ownership = event.ownership, let collection = event.collection else {
      return reader.isLocal || reader.grant.administers
    }
    return reader.may(.read, ownership, in: collection)
  }
}
