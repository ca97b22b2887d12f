/// A JSON value on its own, apart from any text.
///
/// Equality is JSON's: numbers by what they are worth (`1 == 1.0`), objects without regard to order.
public enum JSONValue: Sendable {
  case null
  case bool(Bool)
  case number(JSONNumber)
  case string(String)
  case array([JSONValue])
  case object(JSONObject)
}

extension JSONValue: Hashable {
  /// JSON equality, in which strings are equal when their scalars are.
  public static func == (one: JSONValue, other: JSONValue) -> Bool {
    switch (one, other) {
    case (.null, .null): true
    case (.bool(let one), .bool(let other)): one == other
    case (.number(let one), .number(let other)): one == other
    case (.string(let one), .string(let other)): one.isExactly(other)
    case (.array(let one), .array(let other)): one == other
    case (.object(let one), .object(let other)): one == other
    default: false
    }
  }

  /// Agrees with `==`.
  public func hash(into hasher: inout Hasher) {
    switch self {
    case .null: hasher.combine(0)
    case .bool(let bool): hasher.combine(bool)
    case .number(let number): hasher.combine(number)
    case .string(let string): hasher.combine(string)
    case .array(let array): hasher.combine(array)
    case .object(let object): hasher.combine(object)
    }
  }
}

extension JSONValue {
  /// What the value is.
  public var kind: JSONNode.Kind {
    switch self {
    case .null: .null
    case .bool: .bool
    case .number: .number
    case .string: .string
    case .array: .array
    case .object: .object
    }
  }

  /// Nil unless the value is `true` or `false`.
  public var bool: Bool? { if case .bool(let bool) = self { bool } else { nil } }

  /// Nil unless the value is a number.
  public var number: JSONNumber? { if case .number(let number) = self { number } else { nil } }

  /// The value as an integer: nil unless it is a number, whole, and within the range of `Int`.
  public var integer: Int? { number?.integer }

  /// Nil unless the value is a string.
  public var string: String? { if case .string(let string) = self { string } else { nil } }

  /// Nil unless the value is an array.
  public var array: [JSONValue]? { if case .array(let array) = self { array } else { nil } }

  /// Nil unless the value is an object.
  public var object: JSONObject? { if case .object(let object) = self { object } else { nil } }

  /// The value of a member; nil unless the value is an object that has it.
  public subscript(key: String) -> JSONValue? { object?[key] }

  /// What a pointer leads to.
  public subscript(pointer: JSONPointer) -> JSONValue? {
    var value = self
    for token in pointer.tokens {
      switch value {
      case .object(let object):
        guard let child = object[token] else { return nil }
        value = child
      case .array(let array):
        guard let index = JSONPointer.index(token), index < array.count else { return nil }
        value = array[index]
      default:
        return nil
      }
    }
    return value
  }

  /// How many arrays and objects lie inside one another, this one included; 0 for a scalar.
  public var depth: Int {
    switch self {
    case .array(let array): 1 + (array.lazy.map(\.depth).max() ?? 0)
    case .object(let object): 1 + (object.lazy.map(\.value.depth).max() ?? 0)
    default: 0
    }
  }
}
