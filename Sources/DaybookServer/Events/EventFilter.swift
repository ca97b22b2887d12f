/// Which events a reader wants, and may have.
struct EventFilter: Sendable {
  /// Whoever reads: events about documents of others are not for them.
  let reader: String
  var collections: Set<String> = []
  var document: String?
  var names: Set<EventName> = []

  func admits(_ event: Event) -> Bool {
    if let user = event.user, user != reader { return false }
    if !collections.isEmpty, !collections.contains(event.collection ?? "") { return false }
    if let document, event.document != document { return false }
    return names.isEmpty || names.contains(event.name)
  }
}
