/// The values of `type`. A number allows integers too.
struct JSONTypes: OptionSet, Sendable {
  let rawValue: UInt8

  static let null = JSONTypes(rawValue: 1)
  static let boolean = JSONTypes(rawValue: 2)
  static let integer = JSONTypes(rawValue: 4)
  static let number = JSONTypes(rawValue: 8)
  static let string = JSONTypes(rawValue: 16)
  static let array = JSONTypes(rawValue: 32)
  static let object = JSONTypes(rawValue: 64)
  static let all: JSONTypes = [.null, .boolean, .integer, .number, .string, .array, .object]

  private static let names: [(type: JSONTypes, name: String, phrase: String)] = [
    (.null, "null", "null"), (.boolean, "boolean", "true or false"), (.integer, "integer", "an integer"),
    (.number, "number", "a number"), (.string, "string", "a string"), (.array, "array", "an array"),
    (.object, "object", "an object"),
  ]

  init(rawValue: UInt8) {
    self.rawValue = rawValue
  }

  init?(named name: String) {
    guard let known = Self.names.first(where: { $0.name == name }) else { return nil }
    self = known.type
  }

  func allows(_ value: JSONNode) -> Bool {
    switch value.kind {
    case .null: contains(.null)
    case .bool: contains(.boolean)
    case .string: contains(.string)
    case .array: contains(.array)
    case .object: contains(.object)
    case .number:
      contains(.number) || (contains(.integer) && (value.shortInteger != nil || value.number?.isInteger == true))
    }
  }

  /// `a string or null`
  var phrase: String {
    Self.names.filter { contains($0.type) }.map(\.phrase).joinedAsChoice()
  }
}

extension [String] {
  /// `a, b or c`
  func joinedAsChoice() -> String {
    guard let last, count > 1 else { return first ?? "" }
    return dropLast().joined(separator: ", ") + " or " + last
  }
}
