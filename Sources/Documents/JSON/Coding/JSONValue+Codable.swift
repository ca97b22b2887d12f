// So that a type with a property of any JSON can be Codable. Our own encoding and decoding pass a JSONValue through
// untouched; with other coders, numbers that are no 64-bit integers go through Double.

extension JSONValue: Codable {
  /// Writes the value with any encoder.
  public func encode(to encoder: any Encoder) throws {
    switch self {
    case .object(let object):
      var container = encoder.container(keyedBy: JSONCodingKey.self)
      for member in object.members { try container.encode(member.value, forKey: JSONCodingKey(member.key)) }
    case .array(let array):
      var container = encoder.unkeyedContainer()
      for element in array { try container.encode(element) }
    default:
      var container = encoder.singleValueContainer()
      try encodeScalar(into: &container)
    }
  }

  private func encodeScalar(into container: inout any SingleValueEncodingContainer) throws {
    switch self {
    case .bool(let bool): try container.encode(bool)
    case .string(let string): try container.encode(string)
    case .number(let number):
      if let integer = number.integer { try container.encode(integer) } else { try container.encode(number.double) }
    default: try container.encodeNil()
    }
  }

  /// Reads any value with any decoder.
  public init(from decoder: any Decoder) throws {
    if let container = try? decoder.container(keyedBy: JSONCodingKey.self) {
      var object = JSONObject()
      for key in container.allKeys { object[key.stringValue] = try container.decode(JSONValue.self, forKey: key) }
      self = .object(object)
    } else if var container = try? decoder.unkeyedContainer() {
      var array: [JSONValue] = []
      while !container.isAtEnd { array.append(try container.decode(JSONValue.self)) }
      self = .array(array)
    } else {
      self = try Self.scalar(in: try decoder.singleValueContainer())
    }
  }

  private static func scalar(in container: any SingleValueDecodingContainer) throws -> JSONValue {
    if container.decodeNil() { return .null }
    if let bool = try? container.decode(Bool.self) { return .bool(bool) }
    if let integer = try? container.decode(Int.self) { return .number(JSONNumber(integer)) }
    if let number = JSONNumber((try? container.decode(Double.self)) ?? .nan) { return .number(number) }
    return .string(try container.decode(String.self))
  }
}
