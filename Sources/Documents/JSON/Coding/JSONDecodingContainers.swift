struct JSONKeyedDecoding<Key: CodingKey>: KeyedDecodingContainerProtocol {
  let decoding: JSONDecoding
  /// Made for large objects only; in others a walk over the keys is quicker.
  private let table: [ExactText: JSONNode]?

  private static var walkLimit: Int { 16 }

  init(decoding: JSONDecoding) {
    self.decoding = decoding
    table =
      decoding.node.count > Self.walkLimit
      ? Dictionary(uniqueKeysWithValues: decoding.node.members.map { (ExactText($0.key), $0.value) }) : nil
  }

  var codingPath: [any CodingKey] { decoding.codingPath }

  var allKeys: [Key] { decoding.node.members.compactMap { Key(stringValue: $0.key) } }

  func contains(_ key: Key) -> Bool { node(key) != nil }

  func decodeNil(forKey key: Key) throws -> Bool { try child(key).node.kind == .null }

  func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T { try child(key).decode(type) }

  func nestedContainer<NestedKey: CodingKey>(
    keyedBy type: NestedKey.Type, forKey key: Key
  ) throws -> KeyedDecodingContainer<NestedKey> {
    try child(key).container(keyedBy: type)
  }

  func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
    try child(key).unkeyedContainer()
  }

  func superDecoder() throws -> any Decoder { try child(JSONCodingKey.parent) }

  func superDecoder(forKey key: Key) throws -> any Decoder { try child(key) }

  private func node(_ key: some CodingKey) -> JSONNode? {
    table.map { $0[ExactText(key.stringValue)] } ?? decoding.node[key.stringValue]
  }

  private func child(_ key: some CodingKey) throws -> JSONDecoding {
    guard let node = node(key) else { throw decoding.error("The member \"\(key.stringValue)\" is missing.") }
    return JSONDecoding(node: node, codingPath: codingPath + [JSONCodingKey(key.stringValue)])
  }
}

struct JSONUnkeyedDecoding: UnkeyedDecodingContainer {
  let decoding: JSONDecoding
  private var rest: JSONElements
  private var next: JSONNode?
  private(set) var currentIndex = 0

  init(decoding: JSONDecoding) {
    self.decoding = decoding
    rest = decoding.node.elements
    next = rest.next()
  }

  var codingPath: [any CodingKey] { decoding.codingPath }
  var count: Int? { decoding.node.count }
  var isAtEnd: Bool { next == nil }

  mutating func decodeNil() throws -> Bool {
    guard try current().node.kind == .null else { return false }
    advance()
    return true
  }

  mutating func decode<T: Decodable>(_ type: T.Type) throws -> T {
    let value = try current().decode(type)
    advance()
    return value
  }

  mutating func nestedContainer<NestedKey: CodingKey>(
    keyedBy type: NestedKey.Type
  ) throws -> KeyedDecodingContainer<NestedKey> {
    let container = try current().container(keyedBy: type)
    advance()
    return container
  }

  mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
    let container = try current().unkeyedContainer()
    advance()
    return container
  }

  mutating func superDecoder() throws -> any Decoder {
    let decoder = try current()
    advance()
    return decoder
  }

  private func current() throws -> JSONDecoding {
    guard let next else { throw decoding.error("The array has only \(currentIndex) elements.") }
    return JSONDecoding(node: next, codingPath: codingPath + [JSONCodingKey(currentIndex)])
  }

  private mutating func advance() {
    next = rest.next()
    currentIndex += 1
  }
}

struct JSONSingleDecoding: SingleValueDecodingContainer {
  let decoding: JSONDecoding
  var codingPath: [any CodingKey] { decoding.codingPath }

  func decodeNil() -> Bool { decoding.node.kind == .null }

  func decode<T: Decodable>(_ type: T.Type) throws -> T { try decoding.decode(type) }
}
