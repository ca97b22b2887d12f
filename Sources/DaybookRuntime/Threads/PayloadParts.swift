package import Daybook
package import Documents

/// Bytes that stand beside JSON instead of in it. There a payload is `{"type": "msgpack", "part": 1}`, with the number of
/// its part; parts count from 1.
package struct PayloadParts: Sendable {
  package private(set) var parts: [[UInt8]]

  package init(_ parts: [[UInt8]] = []) { self.parts = parts }

  /// Reads a payload that came from outside, be its bytes in it or beside it.
  ///
  /// - Throws: `.invalid` for any other form, and for a part that there is not.
  func payload(_ value: JSONValue?) throws(StoreError) -> Payload {
    guard let object = value?.object, let number = object["part"] else { return try Payload(checking: value) }
    guard object.count == 2, let type = object["type"]?.string, let place = number.integer,
      parts.indices.contains(place - 1)
    else { throw StoreError(.invalid, "There is no part \(number.compactText) of this request.") }
    return Payload(type: type, bytes: parts[place - 1])
  }

  /// The form of a payload whose bytes are put beside it. JSON stays what it is.
  package mutating func add(_ payload: Payload) throws(StoreError) -> JSONObject {
    guard let type = payload.type else { return payload.members }
    parts.append(try payload.bytes())
    return ["type": .string(type), "part": .number(JSONNumber(parts.count))]
  }
}
