/// A pattern's syntax tree. Greedy and lazy quantifiers are one: they differ in what they match, not in whether.
indirect enum PatternNode {
  case one(ScalarClass)
  case sequence([PatternNode])
  case choice([PatternNode])
  /// A nil maximum is none.
  case repeated(PatternNode, minimum: Int, maximum: Int?)
  case start
  case end
  /// `\b`, or `\B` when negated.
  case wordBoundary(isNegated: Bool)

  var isAssertion: Bool {
    switch self {
    case .start, .end, .wordBoundary: true
    case .one, .sequence, .choice, .repeated: false
    }
  }
}
