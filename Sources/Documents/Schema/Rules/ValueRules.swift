/// `enum`, or `const` as an `enum` of one.
struct AllowedValues: Sendable {
  let keyword: String
  private let strings: NameTable<Bool>
  private let others: [JSONNode]
  let all: [JSONNode]

  init(keyword: String, _ values: [JSONNode]) {
    self.keyword = keyword
    all = values
    strings = NameTable(values.compactMap(\.string).map { (name: $0, value: true) })
    others = values.filter { $0.kind != .string }
  }

  func contains(_ value: JSONNode) -> Bool {
    if value.kind == .string { return strings[value.utf8] ?? false }
    return others.contains { $0.isEqual(to: value) }
  }
}

/// A number of a schema, with the machine integer that makes most comparisons quick.
struct ExactNumber: Sendable {
  let number: JSONNumber
  let integer: Int?

  init(_ number: JSONNumber) {
    self.number = number
    integer = number.integer
  }

  func isLess(than value: JSONNode) -> Bool {
    if let integer, let other = value.shortInteger { return integer < other }
    return value.number.map { number < $0 } ?? false
  }

  func isGreater(than value: JSONNode) -> Bool {
    if let integer, let other = value.shortInteger { return integer > other }
    return value.number.map { $0 < number } ?? false
  }

  func divides(_ value: JSONNode) -> Bool {
    if let integer, integer > 0, let other = value.shortInteger { return other % integer == 0 }
    return value.number?.isMultiple(of: number) ?? false
  }
}

struct NumberRules: Sendable {
  var minimum: ExactNumber?
  var exclusiveMinimum: ExactNumber?
  var maximum: ExactNumber?
  var exclusiveMaximum: ExactNumber?
  var multipleOf: ExactNumber?

  var isEmpty: Bool {
    minimum == nil && exclusiveMinimum == nil && maximum == nil && exclusiveMaximum == nil && multipleOf == nil
  }
}

/// Lengths count Unicode scalars.
struct StringRules: Sendable {
  var minimumLength = 0
  var maximumLength = Int.max
  var pattern: Pattern?
  var format: Format?

  var isEmpty: Bool { minimumLength == 0 && maximumLength == .max && pattern == nil && format == nil }
}
