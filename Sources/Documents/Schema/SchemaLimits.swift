/// Bounds of compiling and validating, against schemas that were made to hurt.
enum SchemaLimits {
  /// How many subschemas may be applied inside one another to reach one value. A schema that refers to itself
  /// without going deeper into the document would never end. Each takes about 1 KiB of stack.
  static let evaluationDepth = 500

  /// How many subschemas may be applied for each value of a document, on average. References that double at each
  /// step would take for ever.
  static let evaluationsPerValue = 10_000

  /// How many texts a schema may refer to, itself included.
  static let texts = 1_000

  /// How many schemas may be each other's meta-schema in a chain.
  static let metaSchemas = 8

  /// How many values of one array are compared pair by pair before they are hashed.
  static let comparedPairwise = 8

  /// How much of a value is quoted in a message, in characters.
  static let quotedLength = 60

  /// How many of the values that a member may have are listed in a message.
  static let listedValues = 12

  /// How many members with a keyword are listed, as in `Schema.members(where:)`.
  static let memberPaths = 1_000
}
