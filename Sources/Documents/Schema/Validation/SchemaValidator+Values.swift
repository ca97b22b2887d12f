/// Rules about single values.
extension SchemaValidator {
  mutating func check(_ rules: StringRules, _ node: SchemaNode, _ value: JSONNode) -> Bool {
    let text = value.utf8
    var isValid = true
    if rules.minimumLength > 0 || text.count > rules.maximumLength {
      let length = text.count { $0 & 0b1100_0000 != 0b1000_0000 }
      if length < rules.minimumLength {
        isValid = fail(node, "minLength", value) {
          "\($0.name) must have at least \(Wording.counted(rules.minimumLength, "character")), found \(length)"
        }
      }
      if length > rules.maximumLength {
        isValid = fail(node, "maxLength", value) {
          "\($0.name) must have at most \(Wording.counted(rules.maximumLength, "character")), found \(length)"
        }
      }
    }
    if let pattern = rules.pattern, !pattern.matches(text) {
      isValid = fail(node, "pattern", value) {
        "\($0.name) must match the pattern \(pattern.source), found \($0.found)"
      }
    }
    if let format = rules.format, !format.accepts(text) {
      isValid = fail(node, "format", value) { "\($0.name) must be \(format.example), found \($0.found)" }
    }
    return isValid
  }

  mutating func check(_ rules: NumberRules, _ node: SchemaNode, _ value: JSONNode) -> Bool {
    var isValid = true
    if let bound = rules.minimum, bound.isGreater(than: value) {
      isValid = fail(node, "minimum", value) { "\($0.name) must be at least \(bound.number), found \($0.found)" }
    }
    if let bound = rules.exclusiveMinimum, !bound.isLess(than: value) {
      isValid = fail(node, "exclusiveMinimum", value) {
        "\($0.name) must be greater than \(bound.number), found \($0.found)"
      }
    }
    if let bound = rules.maximum, bound.isLess(than: value) {
      isValid = fail(node, "maximum", value) { "\($0.name) must be at most \(bound.number), found \($0.found)" }
    }
    if let bound = rules.exclusiveMaximum, !bound.isGreater(than: value) {
      isValid = fail(node, "exclusiveMaximum", value) {
        "\($0.name) must be less than \(bound.number), found \($0.found)"
      }
    }
    if let factor = rules.multipleOf, !factor.divides(value) {
      isValid = fail(node, "multipleOf", value) {
        "\($0.name) must be a multiple of \(factor.number), found \($0.found)"
      }
    }
    return isValid
  }

  mutating func failAllowed(_ node: SchemaNode, _ allowed: AllowedValues, _ value: JSONNode) -> Bool {
    fail(node, allowed.keyword, value) { subject in
      let words = allowed.all.compactMap(\.string)
      let guess =
        subject.isSecret || allowed.all.count == 1 ? nil : value.string.flatMap { closestMatch(to: $0, in: words) }
      let hint = guess.map { "; did you mean \"\($0)\"?" } ?? ""
      return "\(subject.name) must be \(Wording.choice(allowed.all)), found \(subject.found)\(hint)"
    }
  }
}
