import Documents

/// What a search asks of the values of memories: members, and what each must be.
///
/// An object asks for the same members, deep; a list for as many elements, one by one; anything else for an equal
/// value. An object with operators compares: `$eq`, `$ne`, and `$gt`, `$gte`, `$lt`, `$lte` for two numbers or two
/// strings.
struct MemoryFilter {
  let members: JSONObject

  /// The first operator that nobody knows, if there is one.
  var unknownOperator: String? { Self.unknownOperator(in: .object(members)) }

  func holds(of value: JSONValue) -> Bool {
    members.allSatisfy { name, wish in Self.holds(wish, of: value[name] ?? .null) }
  }

  private static let operators: Set<String> = ["$eq", "$ne", "$gt", "$gte", "$lt", "$lte"]

  private static func unknownOperator(in wish: JSONValue) -> String? {
    switch wish {
    case .object(let object):
      let isComparison = object.keys.contains { $0.hasPrefix("$") }
      if isComparison { return object.keys.first { !operators.contains($0) } }
      return object.lazy.compactMap { unknownOperator(in: $0.value) }.first
    case .array(let array): return array.lazy.compactMap { unknownOperator(in: $0) }.first
    default: return nil
    }
  }

  private static func holds(_ wish: JSONValue, of value: JSONValue) -> Bool {
    switch wish {
    case .object(let wishes) where wishes.keys.contains { $0.hasPrefix("$") }:
      return wishes.allSatisfy { compares(value, $0.key, $0.value) }
    case .object(let wishes):
      guard let object = value.object else { return false }
      return wishes.allSatisfy { holds($0.value, of: object[$0.key] ?? .null) }
    case .array(let wishes):
      guard let array = value.array, array.count == wishes.count else { return false }
      return zip(wishes, array).allSatisfy { holds($0, of: $1) }
    default:
      return value == wish
    }
  }

  private static func compares(_ value: JSONValue, _ name: String, _ operand: JSONValue) -> Bool {
    switch name {
    case "$eq": value == operand
    case "$ne": value != operand
    case "$gt": precedes(operand, value)
    case "$gte": precedes(operand, value) || isComparable(value, operand) && value == operand
    case "$lt": precedes(value, operand)
    case "$lte": precedes(value, operand) || isComparable(value, operand) && value == operand
    default: false
    }
  }

  private static func isComparable(_ one: JSONValue, _ other: JSONValue) -> Bool {
    one.kind == other.kind && (one.kind == .number || one.kind == .string)
  }

  private static func precedes(_ one: JSONValue, _ other: JSONValue) -> Bool {
    switch (one, other) {
    case (.number(let one), .number(let other)): one < other
    case (.string(let one), .string(let other)): one.precedesExactly(other)
    default: false
    }
  }
}
