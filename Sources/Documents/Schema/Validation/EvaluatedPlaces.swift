/// Which members of an object, or elements of an array, some subschema has evaluated: what `unevaluatedProperties` and
/// `unevaluatedItems` leave alone. Kept only below a subschema with such a keyword.
struct EvaluatedPlaces {
  private var isEvaluated: [Bool]

  init(count: Int) {
    isEvaluated = Array(repeating: false, count: count)
  }

  func contains(_ place: Int) -> Bool { isEvaluated[place] }

  mutating func insert(_ place: Int) { isEvaluated[place] = true }

  mutating func formUnion(_ other: EvaluatedPlaces) {
    for place in isEvaluated.indices where other.isEvaluated[place] { isEvaluated[place] = true }
  }
}
