/// Why a schema cannot be used, and where in its text. Which file that is, the caller knows.
package struct SchemaError: Error, Equatable, CustomStringConvertible {
  /// The URI of the schema that is wrong when it is one that was referred to; empty for the compiled text itself.
  package var resource: String
  package var pointer: JSONPointer
  package var position: JSONPosition
  /// A sentence without a full stop.
  package var message: String

  /// `line 3, column 7, /properties/name/pattern: nothing to repeat at character 1`
  package var description: String {
    let place = resource.isEmpty ? "" : "\(resource), "
    let member = pointer.tokens.isEmpty ? "" : ", \(pointer)"
    return "\(place)\(position)\(member): \(message)"
  }
}
