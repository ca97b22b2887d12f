/// Rules about arrays.
extension SchemaValidator {
  mutating func check(
    _ rules: ArrayRules, _ node: SchemaNode, _ array: JSONNode, _ evaluated: inout EvaluatedPlaces?
  ) -> Bool {
    var isValid = checkCount(rules, node, array)
    if rules.hasUniqueItems, let (first, second) = equalElements(of: array) {
      isValid = fail(node, "uniqueItems", array) {
        "\($0.name) must not have equal elements, but elements \(first) and \(second) are"
      }
    }
    if !isValid, isHasty { return false }
    if rules.hasElementRules, !checkElements(rules, array, &evaluated) { isValid = false }
    if let contains = rules.contains, !checkContains(contains, node, array, &evaluated) { isValid = false }
    return isValid
  }

  private mutating func checkCount(_ rules: ArrayRules, _ node: SchemaNode, _ array: JSONNode) -> Bool {
    let count = array.count
    if count < rules.minimumCount {
      return fail(node, "minItems", array) {
        "\($0.name) must have at least \(Wording.counted(rules.minimumCount, "element")), found \(count)"
      }
    }
    if count > rules.maximumCount {
      return fail(node, "maxItems", array) {
        "\($0.name) must have at most \(Wording.counted(rules.maximumCount, "element")), found \(count)"
      }
    }
    return true
  }

  private mutating func checkElements(
    _ rules: ArrayRules, _ array: JSONNode, _ evaluated: inout EvaluatedPlaces?
  ) -> Bool {
    var isValid = true
    for (place, element) in array.elements.enumerated() {
      guard let schema = place < rules.prefix.count ? rules.prefix[place] : rules.items else { break }
      evaluated?.insert(place)
      if !evaluate(schema, element) {
        isValid = false
        if isHasty { break }
      }
    }
    return isValid
  }

  /// With `minContains` of 0 everything is valid, but what matches counts as evaluated all the same.
  private mutating func checkContains(
    _ rules: ArrayRules.Contains, _ node: SchemaNode, _ array: JSONNode, _ evaluated: inout EvaluatedPlaces?
  ) -> Bool {
    var count = 0
    var nothing: EvaluatedPlaces?
    for (place, element) in array.elements.enumerated() {
      guard accepts(rules.schema, element, &nothing) else { continue }
      count += 1
      evaluated?.insert(place)
      if evaluated == nil, count >= rules.minimum, rules.maximum == .max { return true }
    }
    if count < rules.minimum {
      let rule = rules.minimum == 1 ? "contains" : "minContains"
      return fail(node, rule, array) {
        "\($0.name) must have at least \(Wording.counted(rules.minimum, "element")) of the wanted form, found \(count)"
      }
    }
    if count > rules.maximum {
      return fail(node, "maxContains", array) {
        "\($0.name) must have at most \(Wording.counted(rules.maximum, "element")) of the limited form, found \(count)"
      }
    }
    return true
  }

  /// The places of two elements that are equal.
  private func equalElements(of array: JSONNode) -> (Int, Int)? {
    let elements = Array(array.elements)
    if elements.count > SchemaLimits.comparedPairwise {
      var placeOfValue: [JSONValue: Int] = [:]
      for (place, element) in elements.enumerated() {
        if let other = placeOfValue.updateValue(place, forKey: element.value) { return (other, place) }
      }
      return nil
    }
    for place in elements.indices {
      for other in elements.indices[..<place] where elements[other].isEqual(to: elements[place]) {
        return (other, place)
      }
    }
    return nil
  }
}
