/// A pattern as a non-deterministic automaton: steps that a run stands at, several at once.
///
/// A run is a set of steps. Between two scalars the set is *closed*: steps that consume nothing are followed, and
/// assertions are decided by the scalars on both sides. Then each step that takes the next scalar leads to the one
/// after it. A set never holds a step twice, so a scalar costs at most as many moves as the program has steps.
struct PatternProgram: Sendable {
  static let maximumSteps = 4_096

  enum Step: Sendable {
    /// Takes one scalar of `classes[_]`.
    case take(Int)
    case split(Int, Int)
    case jump(Int)
    case start
    case end
    case wordBoundary(isNegated: Bool)
    case match
  }

  private(set) var steps: [Step] = []
  private(set) var classes: [ScalarClass] = []
  private(set) var usesWordBoundary = false

  init(_ node: PatternNode) throws(PatternError) {
    try emit(node)
    try append(.match)
  }

  private mutating func append(_ step: Step) throws(PatternError) {
    guard steps.count < Self.maximumSteps else {
      throw PatternError(message: "the pattern is too large: it takes more than \(Self.maximumSteps) steps", offset: 0)
    }
    steps.append(step)
  }

  private mutating func emit(_ node: PatternNode) throws(PatternError) {
    switch node {
    case .one(let scalars): try append(.take(index(of: scalars)))
    case .sequence(let parts): for part in parts { try emit(part) }
    case .choice(let branches): try emit(branches[...])
    case .repeated(let body, let minimum, let maximum): try emit(body, minimum, maximum)
    case .start: try append(.start)
    case .end: try append(.end)
    case .wordBoundary(let isNegated):
      usesWordBoundary = true
      try append(.wordBoundary(isNegated: isNegated))
    }
  }

  private mutating func index(of scalars: ScalarClass) -> Int {
    if let known = classes.firstIndex(of: scalars) { return known }
    classes.append(scalars)
    return classes.count - 1
  }

  private mutating func emit(_ branches: ArraySlice<PatternNode>) throws(PatternError) {
    var jumps: [Int] = []
    for branch in branches.dropLast() {
      let split = steps.count
      try append(.split(split + 1, 0))
      try emit(branch)
      jumps.append(steps.count)
      try append(.jump(0))
      steps[split] = .split(split + 1, steps.count)
    }
    if let last = branches.last { try emit(last) }
    for jump in jumps { steps[jump] = .jump(steps.count) }
  }

  private mutating func emit(_ body: PatternNode, _ minimum: Int, _ maximum: Int?) throws(PatternError) {
    for _ in 0..<minimum {
      let before = steps.count
      try emit(body)
      // A body that takes no step would be repeated in vain, however often.
      if steps.count == before { return }
    }
    guard let maximum else { return try emitLoop(body) }
    var splits: [Int] = []
    for _ in 0..<(maximum - minimum) {
      splits.append(steps.count)
      try append(.split(steps.count + 1, 0))
      try emit(body)
    }
    for split in splits { steps[split] = .split(split + 1, steps.count) }
  }

  private mutating func emitLoop(_ body: PatternNode) throws(PatternError) {
    let split = steps.count
    try append(.split(split + 1, 0))
    try emit(body)
    try append(.jump(split))
    steps[split] = .split(split + 1, steps.count)
  }
}
