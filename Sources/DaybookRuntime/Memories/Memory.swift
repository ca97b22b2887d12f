package import Daybook
package import Documents

/// A memory as a document holds it: a value under a key in a namespace.
package struct Memory: Sendable {
  package let document: Document

  package var namespace: MemoryNamespace { MemoryNamespace(path: document.root["path"]?.string ?? "") }
  package var key: String { document.root["key"]?.string ?? "" }
  package var value: JSONValue { document.root["value"]?.value ?? .null }

  /// As it is answered.
  package var json: JSONValue {
    [
      "namespace": .array(namespace.labels.map { .string($0) }), "key": .string(key), "value": value,
      "created_at": document.root["created_at"]?.value ?? .null,
      "updated_at": document.root["updated_at"]?.value ?? .null,
    ]
  }

  // MARK: Time to live

  /// When it ends; nil: never.
  private var end: Timestamp? { document.root["expires_at"]?.string.flatMap { Timestamp(parsing: $0) } }

  func isExpired(at moment: Timestamp) -> Bool { end.map { $0 <= moment } ?? false }

  /// The end that an access gives it: its whole time from now on. Nil when it lives for ever, or when the new end would
  /// come so little later that it is not worth a commit.
  func end(refreshedAt moment: Timestamp) -> Timestamp? {
    guard let end, let minutes = document.root["ttl_minutes"]?.number?.double else { return nil }
    let refreshed = Self.end(minutes: minutes, from: moment)
    let gain = refreshed.milliseconds - end.milliseconds
    return gain > (refreshed.milliseconds - moment.milliseconds) / Limits.refreshedShare ? refreshed : nil
  }

  static func end(minutes: Double, from moment: Timestamp) -> Timestamp {
    let milliseconds = min(minutes * 60_000, Double(Timestamp.range.upperBound))
    return Timestamp(milliseconds: moment.milliseconds + Int64(milliseconds))
  }
}
