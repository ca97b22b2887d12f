extension JSONValue {
  /// Encodes a Swift value. Whole numbers stay exact; a `nil` property is left out; NaN and infinities are refused.
  public init(encoding value: some Encodable) throws(JSONCodingError) {
    do {
      let slot = JSONEncodingSlot()
      try JSONEncoding(slot: slot, codingPath: []).encode(value)
      self = slot.value
    } catch let error as JSONCodingError {
      throw error
    } catch EncodingError.invalidValue(_, let context) {
      throw JSONCodingError(context.debugDescription, at: context.codingPath)
    } catch {
      throw JSONCodingError("\(error)", at: [])
    }
  }
}

/// A place for a value that is still being encoded. Containers are filled in after they are handed out: hence a class.
final class JSONEncodingSlot {
  enum Content {
    case empty
    case value(JSONValue)
    case array([JSONEncodingSlot])
    case object(keys: [String], slots: [ExactText: JSONEncodingSlot])
  }

  var content = Content.empty

  /// The value; what encoded nothing at all is an empty object, as in Foundation.
  var value: JSONValue {
    switch content {
    case .empty: .object(JSONObject())
    case .value(let value): value
    case .array(let slots): .array(slots.map(\.value))
    case .object(let keys, let slots):
      .object(
        JSONObject(distinct: keys.map { JSONObject.Member(key: $0, value: slots[ExactText($0)]?.value ?? .null) }))
    }
  }

  /// A new place at the end of an array.
  func append() -> JSONEncodingSlot {
    let slot = JSONEncodingSlot()
    guard case .array(var slots) = content else {
      content = .array([slot])
      return slot
    }
    content = .empty
    slots.append(slot)
    content = .array(slots)
    return slot
  }

  /// A place for a member; encoding a key again replaces its value.
  func member(_ key: String) -> JSONEncodingSlot {
    let slot = JSONEncodingSlot()
    guard case .object(var keys, var slots) = content else {
      content = .object(keys: [key], slots: [ExactText(key): slot])
      return slot
    }
    content = .empty
    if slots.updateValue(slot, forKey: ExactText(key)) == nil { keys.append(key) }
    content = .object(keys: keys, slots: slots)
    return slot
  }
}

/// Encodes one value into a slot.
struct JSONEncoding: Encoder {
  let slot: JSONEncodingSlot
  let codingPath: [any CodingKey]
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  func encode(_ value: some Encodable) throws {
    guard codingPath.count <= JSONLimits.standard.maximumDepth else {
      throw JSONCodingError("Values are nested more than \(JSONLimits.standard.maximumDepth) deep.", at: codingPath)
    }
    if let scalar = try scalar(value) {
      slot.content = .value(scalar)
    } else {
      try value.encode(to: self)
    }
  }

  /// The types that JSON has itself; everything else is made of them.
  private func scalar(_ value: some Encodable) throws -> JSONValue? {
    switch value {
    case let value as JSONValue: value
    case let value as String: .string(value)
    case let value as Bool: .bool(value)
    case let value as Double: try number(JSONNumber(value))
    case let value as Float: try number(value.isFinite ? JSONNumber(value.description) : nil)
    case let value as any FixedWidthInteger: .number(JSONNumber(checked: String(value)))
    default: nil
    }
  }

  private func number(_ number: JSONNumber?) throws -> JSONValue {
    guard let number else { throw JSONCodingError("JSON has no infinite numbers and no NaN.", at: codingPath) }
    return .number(number)
  }

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
    if case .empty = slot.content { slot.content = .object(keys: [], slots: [:]) }
    return KeyedEncodingContainer(JSONKeyedEncoding(encoding: self))
  }

  func unkeyedContainer() -> any UnkeyedEncodingContainer {
    if case .empty = slot.content { slot.content = .array([]) }
    return JSONUnkeyedEncoding(encoding: self)
  }

  func singleValueContainer() -> any SingleValueEncodingContainer { JSONSingleEncoding(encoding: self) }
}
