/// What the compiler must know of a keyword: whose it is, and where in its value subschemas lie.
struct SchemaKeyword: Sendable {
  enum Subschemas: Sendable {
    case none
    /// The value is one.
    case value
    /// The elements are.
    case elements
    /// The members' values are.
    case members
  }

  var vocabulary: Vocabularies
  var subschemas: Subschemas

  private init(_ vocabulary: Vocabularies, _ subschemas: Subschemas = .none) {
    self.vocabulary = vocabulary
    self.subschemas = subschemas
  }

  /// All keywords that mean something here, by name.
  static let known: [String: SchemaKeyword] = [
    "$ref": .init(.core), "$dynamicRef": .init(.core), "$defs": .init(.core, .members),
    "definitions": .init(.core, .members),

    "allOf": .init(.applicator, .elements), "anyOf": .init(.applicator, .elements),
    "oneOf": .init(.applicator, .elements), "not": .init(.applicator, .value), "if": .init(.applicator, .value),
    "then": .init(.applicator, .value), "else": .init(.applicator, .value),
    "properties": .init(.applicator, .members), "patternProperties": .init(.applicator, .members),
    "additionalProperties": .init(.applicator, .value), "propertyNames": .init(.applicator, .value),
    "dependentSchemas": .init(.applicator, .members), "prefixItems": .init(.applicator, .elements),
    "items": .init(.applicator, .value), "contains": .init(.applicator, .value),

    "unevaluatedItems": .init(.unevaluated, .value), "unevaluatedProperties": .init(.unevaluated, .value),

    "type": .init(.validation), "enum": .init(.validation), "const": .init(.validation),
    "multipleOf": .init(.validation), "maximum": .init(.validation), "exclusiveMaximum": .init(.validation),
    "minimum": .init(.validation), "exclusiveMinimum": .init(.validation), "maxLength": .init(.validation),
    "minLength": .init(.validation), "pattern": .init(.validation), "maxItems": .init(.validation),
    "minItems": .init(.validation), "uniqueItems": .init(.validation), "maxContains": .init(.validation),
    "minContains": .init(.validation), "maxProperties": .init(.validation), "minProperties": .init(.validation),
    "required": .init(.validation), "dependentRequired": .init(.validation),

    "format": .init([.formatAnnotation, .formatAssertion]), "contentSchema": .init(.content, .value),
  ]
}
