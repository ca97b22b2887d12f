extension JSONNode {
  /// Decodes a Swift value. A whole number may be written in any way (`3`, `3.0`), but it must fit its type.
  ///
  /// - Throws: What is wrong, with the pointer to it and its line and column.
  public func decode<T: Decodable>(as type: T.Type) throws(JSONCodingError) -> T {
    do {
      return try JSONDecoding(node: self, codingPath: []).decode(type)
    } catch let error as JSONCodingError {
      throw error
    } catch let error as DecodingError {
      throw JSONCodingError(error, in: self)
    } catch {
      throw JSONCodingError("\(error)", at: [], self)
    }
  }
}

extension JSONValue {
  /// Decodes a Swift value; positions in errors are those in the value written as a document.
  public func decode<T: Decodable>(as type: T.Type) throws(JSONCodingError) -> T {
    try JSONText(formatting: self).root.decode(as: type)
  }
}

extension JSONCodingError {
  /// An error that a type threw in its own `init(from:)`.
  fileprivate init(_ error: DecodingError, in root: JSONNode) {
    let context =
      switch error {
      case .typeMismatch(_, let context), .valueNotFound(_, let context), .keyNotFound(_, let context),
        .dataCorrupted(let context):
        context
      @unknown default:
        DecodingError.Context(codingPath: [], debugDescription: "\(error)")
      }
    self.init(context.debugDescription, at: context.codingPath)
    position = root[pointer]?.position
  }
}

/// Decodes one value.
struct JSONDecoding: Decoder {
  let node: JSONNode
  let codingPath: [any CodingKey]
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  func decode<T: Decodable>(_ type: T.Type) throws -> T {
    if type == JSONValue.self, let value = node.value as? T { return value }
    if type == String.self { return try cast(node.string as? T, "A string") }
    if type == Bool.self { return try cast(node.bool as? T, "true or false") }
    if let type = type as? any FixedWidthInteger.Type { return try cast(try integer(type) as? T, "A whole number") }
    if type == Double.self { return try cast(try float() as? T, "A number") }
    if type == Float.self { return try cast(try float().map { Float($0) } as? T, "A number") }
    return try T(from: self)
  }

  private func integer<Integer: FixedWidthInteger>(_ type: Integer.Type) throws -> Integer? {
    guard let number = node.number, number.isInteger else { return nil }
    guard let integer = Integer(number.text) ?? number.decimal.integer() else {
      throw error("The number \(number) does not fit into \(type).")
    }
    return integer
  }

  private func float() throws -> Double? {
    guard let double = node.number?.double else { return nil }
    guard double.isFinite else { throw error("This number is too large.") }
    return double
  }

  private func cast<T>(_ value: T?, _ wanted: String) throws -> T {
    guard let value else { throw needed(wanted) }
    return value
  }

  func error(_ message: String) -> JSONCodingError { JSONCodingError(message, at: codingPath, node) }

  func needed(_ wanted: String) -> JSONCodingError { error("\(wanted) is needed here, not \(node.kind.words).") }

  func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
    guard node.kind == .object else { throw needed("An object") }
    return KeyedDecodingContainer(JSONKeyedDecoding(decoding: self))
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
    guard node.kind == .array else { throw needed("An array") }
    return JSONUnkeyedDecoding(decoding: self)
  }

  func singleValueContainer() -> any SingleValueDecodingContainer { JSONSingleDecoding(decoding: self) }
}

extension JSONNode.Kind {
  /// The kind as a sentence names it.
  fileprivate var words: String {
    switch self {
    case .null: "null"
    case .bool: "true or false"
    case .number: "a number"
    case .string: "a string"
    case .array: "an array"
    case .object: "an object"
    }
  }
}
