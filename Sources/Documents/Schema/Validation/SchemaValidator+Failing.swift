/// Noting violations.
extension SchemaValidator {
  /// Notes a broken rule, unless nothing is to be noted; always false.
  ///
  /// - Parameters:
  ///   - rule: the keyword; nil for the schema `false`, which is its own rule.
  ///   - key: where the violation is shown when it is not at the value.
  mutating func fail(
    _ node: SchemaNode, _ rule: String?, _ value: JSONNode, at key: JSONNode? = nil,
    _ message: (ViolationSubject) -> String
  ) -> Bool {
    guard !isHasty else { return false }
    let subject = ViolationSubject(value, in: root, called: rootName, schema)
    violations.append(
      SchemaViolation(
        pointer: subject.pointer, rule: rule ?? "false",
        schemaPointer: rule.map { "\(node.location)/\($0)" } ?? node.location,
        message: message(subject), position: (key ?? value).position))
    return false
  }
}
