/// What becomes of the children of an array or object, told in the order in which they will stand. Those that stay or
/// go are named by their place and come in their old order.
enum JSONContainerStep {
  case keep(Int)
  case remove(Int)
  case add(Addition)

  enum Addition {
    case member(key: String, JSONValue)
    case element(JSONValue)
    /// An element that stood elsewhere, in its old formatting.
    case moved([UInt8])
  }
}

/// An element of an array or a member of an object, as bytes that commas separate.
struct JSONChild {
  /// From the key, if there is one, to the end of the value.
  var range: Range<Int>
  var value: JSONNode
}

extension JSONNode {
  /// The members or the elements, alike.
  var children: [JSONChild] {
    kind == .object
      ? members.map { JSONChild(range: $0.keyRange.lowerBound..<$0.value.range.upperBound, value: $0.value) }
      : elements.map { JSONChild(range: $0.range, value: $0) }
  }

  var keepingChildren: [JSONContainerStep] { (0..<count).map { .keep($0) } }
}
