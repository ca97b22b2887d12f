/// One value inside a `JSONText`: a view that costs nothing to make and decodes only what is asked for.
public struct JSONNode: Sendable {
  let storage: JSONText.Storage
  /// Where on the tape the value lies.
  let index: Int

  /// The six kinds of JSON values.
  public enum Kind: UInt8, Sendable { case null, bool, number, string, array, object }

  var tapeNode: JSONTapeNode { storage.tape[index] }

  /// What the value is.
  public var kind: Kind { tapeNode.kind }

  /// The bytes of the value in its text, quotes and brackets included.
  public var range: Range<Int> { tapeNode.range }

  /// Line and column where the value begins; costs a walk over the text before it.
  public var position: JSONPosition { JSONPosition(of: range.lowerBound, in: storage.bytes) }

  /// The members of an object or the elements of an array; 0 for everything else.
  public var count: Int { tapeNode.count }

  /// Nil unless the value is `true` or `false`.
  public var bool: Bool? { kind == .bool ? tapeNode.isFlagged : nil }

  /// Nil unless the value is a string; escapes are resolved.
  public var string: String? { kind == .string ? content : nil }

  /// Nil unless the value is a number.
  public var number: JSONNumber? { kind == .number ? JSONNumber(checked: content) : nil }

  /// The value as an integer: nil unless it is a number, whole, and within the range of `Int`.
  public var integer: Int? { number?.integer }

  /// What the text says, decoded: the inside of a string, or the characters of anything else.
  var content: String {
    let node = tapeNode
    guard node.kind == .string else { return String(decoding: storage.bytes[node.range], as: UTF8.self) }
    let inside = node.range.lowerBound + 1..<node.range.upperBound - 1
    guard node.isFlagged else { return String(decoding: storage.bytes[inside], as: UTF8.self) }
    return String(decoding: storage.unescaped(inside), as: UTF8.self)
  }

  /// The value copied out of the text, with the text of its numbers.
  public var value: JSONValue {
    switch kind {
    case .null: .null
    case .bool: .bool(tapeNode.isFlagged)
    case .number: .number(JSONNumber(checked: content))
    case .string: .string(content)
    case .array: .array(elements.map(\.value))
    case .object: .object(JSONObject(distinct: members.map { JSONObject.Member(key: $0.key, value: $0.value.value) }))
    }
  }
}
