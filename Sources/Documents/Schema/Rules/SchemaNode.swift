/// One compiled subschema. Others are named by their place in `Schema.nodes`, so references may form circles.
final class SchemaNode: Sendable {
  /// The subschema as it was written, for keywords that are read later.
  let source: JSONNode
  /// Such as `#/properties/name`.
  let location: String
  /// Which resource it belongs to, for `$dynamicRef`.
  let resource: Int
  /// The kinds of value that `type` allows; all without one.
  let types: JSONTypes
  let allowed: [AllowedValues]
  let numbers: NumberRules?
  let strings: StringRules?
  let arrays: ArrayRules?
  let objects: ObjectRules?
  let combined: CombiningRules?
  /// Nothing is valid: the schema is `false`.
  let isFalse: Bool
  /// Everything is valid and nothing counts as evaluated.
  let isTrivial: Bool
  /// Has `unevaluatedItems` or `unevaluatedProperties`.
  let tracksEvaluated: Bool

  init(_ place: SchemaPlace, location: String, rules: SchemaRules) {
    source = place.node
    self.location = location
    resource = place.resource
    types = rules.types
    allowed = rules.allowed
    numbers = rules.numbers
    strings = rules.strings
    arrays = rules.arrays
    objects = rules.objects
    combined = rules.combined
    isFalse = place.node.bool == false
    isTrivial = !isFalse && rules.isEmpty
    tracksEvaluated = rules.arrays?.unevaluated != nil || rules.objects?.unevaluated != nil
  }
}

/// The rules of one subschema, by the kind of value that they are about.
struct SchemaRules {
  var types = JSONTypes.all
  var allowed: [AllowedValues] = []
  var numbers: NumberRules?
  var strings: StringRules?
  var arrays: ArrayRules?
  var objects: ObjectRules?
  var combined: CombiningRules?

  var isEmpty: Bool {
    types == .all && allowed.isEmpty && numbers == nil && strings == nil && arrays == nil && objects == nil
      && combined == nil
  }
}
