import Daybook
import Documents

/// Messages as they are about to be appended: each with an id and a time, so that whoever appends them knows them.
struct SessionMessages {
  static let series = "messages"

  let items: [JSONValue]

  /// - Throws: `.limit` for too many at once. What a message has to be, the kind's schema says.
  init(_ messages: [JSONValue], at moment: Timestamp, makeID: () -> DocumentID) throws(StoreError) {
    guard messages.count <= Limits.appendedItems else {
      throw StoreError(
        .limit, "At most \(Limits.appendedItems) messages are appended at once.", hint: "Append them in parts.")
    }
    items = messages.map { message in
      guard case .object(var object) = message else { return message }
      if object["id"] == nil { object["id"] = .string(makeID().text) }
      if object["timestamp"] == nil { object["timestamp"] = .string(moment.text) }
      return .object(object)
    }
  }

  func add(to address: String, in transaction: inout Transaction) throws(StoreError) {
    if !items.isEmpty { try transaction.append(items, to: Self.series, of: address) }
  }
}
