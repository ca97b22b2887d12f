// Subschemas are named by their place in `Schema.nodes`.

struct ArrayRules: Sendable {
  var minimumCount = 0
  var maximumCount = Int.max
  var hasUniqueItems = false
  var prefix: [Int] = []
  /// For the elements after the prefix.
  var items: Int?
  var contains: Contains?
  var unevaluated: Int?

  struct Contains: Sendable {
    var schema: Int
    var minimum: Int
    var maximum: Int
  }

  var isEmpty: Bool {
    minimumCount == 0 && maximumCount == .max && !hasUniqueItems && prefix.isEmpty && items == nil && contains == nil
      && unevaluated == nil
  }

  /// Whether elements must be looked at one by one.
  var hasElementRules: Bool { !prefix.isEmpty || items != nil }
}

struct ObjectRules: Sendable {
  /// What is known of a member by its name.
  struct Member: Sendable {
    var schema: Int?
    var isRequired = false
  }

  var minimumCount = 0
  var maximumCount = Int.max
  /// The members that `properties` and `required` name.
  var members = NameTable<Member>([])
  /// The names of `properties`, to guess at what a misspelt one means.
  var knownNames: [String] = []
  /// The names of `required`, in its order.
  var required: [String] = []
  var patterns: [(pattern: Pattern, schema: Int)] = []
  /// For members that neither `properties` nor `patternProperties` speak of.
  var additional: Int?
  var names: Int?
  var dependentRequired: [(name: String, required: [String])] = []
  var dependentSchemas: [(name: String, schema: Int)] = []
  var unevaluated: Int?

  var isEmpty: Bool {
    minimumCount == 0 && maximumCount == .max && !hasMemberRules && names == nil && dependentRequired.isEmpty
      && dependentSchemas.isEmpty && unevaluated == nil
  }

  /// Whether members must be looked at one by one.
  var hasMemberRules: Bool { !members.isEmpty || !patterns.isEmpty || additional != nil }
}

/// The keywords that apply other subschemas to the same value.
struct CombiningRules: Sendable {
  /// `$ref`, and a `$dynamicRef` that cannot lead elsewhere.
  var references: [(keyword: String, schema: Int)] = []
  var dynamicReference: DynamicReference?
  var all: [Int] = []
  var any: [Int] = []
  var one: [Int] = []
  var not: Int?
  var condition: Int?
  var then: Int?
  var otherwise: Int?

  struct DynamicReference: Sendable {
    /// The anchor's place in `Schema.dynamicTargets`.
    var anchor: Int
    /// Where it leads when no resource on the way here has the anchor.
    var fallback: Int
  }

  var isEmpty: Bool {
    references.isEmpty && dynamicReference == nil && all.isEmpty && any.isEmpty && one.isEmpty && not == nil
      && condition == nil
  }
}
