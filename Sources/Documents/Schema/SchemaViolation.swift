/// One rule of a schema that a document breaks.
public struct SchemaViolation: Sendable, Equatable, CustomStringConvertible {
  /// The value that breaks the rule, from the validated value.
  public var pointer: JSONPointer
  /// The keyword that states the rule, such as `maximum`.
  public var rule: String
  /// Where the rule is stated, such as `#/properties/temperature/maximum`.
  public var schemaPointer: String
  /// A sentence without a full stop: what was expected and what was found. The value of a secret is never quoted.
  public var message: String
  /// Where the value begins; for a member that should not be there, where its key does.
  public var position: JSONPosition

  /// `line 3, column 18, /temperature: temperature must be at most 2, found 3.5`
  public var description: String {
    let place = pointer.tokens.isEmpty ? "" : ", \(pointer)"
    return "\(position)\(place): \(message)"
  }
}
