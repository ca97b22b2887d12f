package import Daybook
package import Documents

/// A conversation at one moment: for a client that shows it, and for an agent that goes on with it.
package struct SessionView: Sendable {
  package let session: Document
  package let messages: SeriesTail
  /// How many messages there are.
  package let count: Int
  /// The sequence at which it was so: changes after that are news.
  package let sequence: UInt64

  /// How many messages it has at most.
  package static let mostMessages = Limits.stateItems
}

extension Sessions {
  /// A conversation without its messages.
  package func session(_ id: String, for caller: Caller) throws(StoreError) -> Document {
    try documents.document(id, of: caller)
  }

  /// A conversation with some of its messages.
  ///
  /// - Parameters:
  ///   - count: how many at most; fewer when they are large.
  ///   - place: where they begin (0 is the oldest); the last ones when left out.
  package func view(
    _ id: String, last count: Int = Limits.stateItems, from place: Int? = nil, for caller: Caller
  ) throws(StoreError) -> SessionView {
    let snapshot = documents.store.snapshot()
    let session = try snapshot.document(id, in: documents.collection, of: caller)
    let address = "\(session.address)"
    let limit = max(0, min(count, SessionView.mostMessages))
    let total = try snapshot.seriesCount(SessionMessages.series, of: address)
    let messages: SeriesTail
    if let place {
      let first = min(max(0, place), total)
      let items = try snapshot.seriesPage(SessionMessages.series, of: address, from: first, limit: limit)
      messages = SeriesTail(first: first, items: items)
    } else {
      let end = try snapshot.seriesEnd(SessionMessages.series, of: address, limit: limit)
      messages = SeriesTail(first: end.first, items: end.items)
    }
    return SessionView(session: session, messages: messages, count: total, sequence: snapshot.sequence)
  }

  /// Some messages, oldest first, from place `first` on (0 is the oldest).
  package func messages(
    of id: String, from first: Int = 0, limit: Int = 100, for caller: Caller
  ) throws(StoreError) -> [JSONValue] {
    let snapshot = documents.store.snapshot()
    let session = try snapshot.document(id, in: documents.collection, of: caller)
    return try snapshot.items(of: SessionMessages.series, of: session, from: first, limit: limit)
  }

  /// The caller's conversations, those first in which something happened last.
  package func list(
    status: SessionStatus? = nil, limit: Int = 50, after cursor: String? = nil, for caller: Caller
  ) throws(StoreError) -> Page {
    try documents.store.snapshot().query(
      sessions(status, of: caller).sorted(by: "/updated_at", .descending).limited(to: OwnDocuments.pageLimit(limit))
        .after(cursor))
  }

  /// How many conversations the caller has, by status, and how many messages are in them.
  package func statistics(for caller: Caller) throws(StoreError) -> SessionStatistics {
    let snapshot = documents.store.snapshot()
    var statistics = SessionStatistics()
    for status in SessionStatus.allCases {
      let addresses = try snapshot.addresses(sessions(status, of: caller))
      statistics.sessions[status] = addresses.count
      for address in addresses {
        statistics.messages += try snapshot.seriesCount(SessionMessages.series, of: "\(address)")
      }
    }
    return statistics
  }

  /// From the index alone. One that says no status is active.
  private func sessions(_ status: SessionStatus?, of caller: Caller) throws(StoreError) -> Query {
    let statuses = status.map { [$0] } ?? SessionStatus.allCases
    let unsaid: [JSONValue] = statuses.contains(.active) ? [.null] : []
    return try Query(documents.collection).owned(by: caller).where("/status", .isOneOf(statuses.map(\.json) + unsaid))
  }
}

package struct SessionStatistics: Sendable, Equatable {
  package var sessions: [SessionStatus: Int] = [:]
  package var messages = 0

  package var json: JSONObject {
    let counts = SessionStatus.allCases.map { (key: $0.rawValue, value: JSONValue(sessions[$0] ?? 0)) }
    return [
      "sessions": JSONValue(sessions.values.reduce(0, +)), "by_status": .object(JSONObject(counts)),
      "messages": JSONValue(messages),
    ]
  }
}

extension JSONValue {
  fileprivate init(_ count: Int) { self = .number(JSONNumber(count)) }
}
