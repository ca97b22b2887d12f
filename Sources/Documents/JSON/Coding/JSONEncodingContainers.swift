struct JSONKeyedEncoding<Key: CodingKey>: KeyedEncodingContainerProtocol {
  let encoding: JSONEncoding
  var codingPath: [any CodingKey] { encoding.codingPath }

  func encodeNil(forKey key: Key) { child(key).slot.content = .value(.null) }

  func encode<T: Encodable>(_ value: T, forKey key: Key) throws { try child(key).encode(value) }

  func nestedContainer<NestedKey: CodingKey>(
    keyedBy type: NestedKey.Type, forKey key: Key
  ) -> KeyedEncodingContainer<NestedKey> {
    child(key).container(keyedBy: type)
  }

  func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer { child(key).unkeyedContainer() }

  func superEncoder() -> any Encoder { child(JSONCodingKey.parent) }

  func superEncoder(forKey key: Key) -> any Encoder { child(key) }

  private func child(_ key: some CodingKey) -> JSONEncoding {
    JSONEncoding(slot: encoding.slot.member(key.stringValue), codingPath: codingPath + [JSONCodingKey(key.stringValue)])
  }
}

struct JSONUnkeyedEncoding: UnkeyedEncodingContainer {
  let encoding: JSONEncoding
  private(set) var count = 0
  var codingPath: [any CodingKey] { encoding.codingPath }

  init(encoding: JSONEncoding) { self.encoding = encoding }

  mutating func encodeNil() { child().slot.content = .value(.null) }

  mutating func encode<T: Encodable>(_ value: T) throws { try child().encode(value) }

  mutating func nestedContainer<NestedKey: CodingKey>(
    keyedBy type: NestedKey.Type
  ) -> KeyedEncodingContainer<NestedKey> {
    child().container(keyedBy: type)
  }

  mutating func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { child().unkeyedContainer() }

  mutating func superEncoder() -> any Encoder { child() }

  private mutating func child() -> JSONEncoding {
    defer { count += 1 }
    return JSONEncoding(slot: encoding.slot.append(), codingPath: codingPath + [JSONCodingKey(count)])
  }
}

struct JSONSingleEncoding: SingleValueEncodingContainer {
  let encoding: JSONEncoding
  var codingPath: [any CodingKey] { encoding.codingPath }

  func encodeNil() { encoding.slot.content = .value(.null) }

  func encode<T: Encodable>(_ value: T) throws { try encoding.encode(value) }
}
