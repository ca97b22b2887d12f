/// One run of a pattern's program: the steps that it stands at between two scalars.
struct PatternRun {
  /// What assertions look at.
  struct Surroundings {
    var isStart: Bool
    var isEnd: Bool
    var isWordBoundary = false
  }

  private let program: PatternProgram
  /// Where the run arrives next, not closed, without duplicates.
  private(set) var arrivals: [Int] = []
  /// Steps of the closed set that take a scalar.
  private(set) var takers: [Int] = []
  private var isVisited: [Bool]
  private var visited: [Int] = []

  init(_ program: PatternProgram) {
    self.program = program
    isVisited = Array(repeating: false, count: program.steps.count)
  }

  /// Starts the run at these steps, and at the program's first, since a match may begin anywhere.
  mutating func arrive(at steps: some Sequence<Int>) {
    clearVisited()
    arrivals.removeAll(keepingCapacity: true)
    for step in steps where visit(step) { arrivals.append(step) }
    if visit(0) { arrivals.append(0) }
  }

  /// Follows what takes no scalar; true when that reaches a match.
  mutating func close(_ surroundings: Surroundings) -> Bool {
    clearVisited()
    takers.removeAll(keepingCapacity: true)
    var open = arrivals
    while let step = open.popLast() {
      guard visit(step) else { continue }
      switch program.steps[step] {
      case .match: return true
      case .take: takers.append(step)
      case .split(let first, let second):
        open.append(first)
        open.append(second)
      case .jump(let target): open.append(target)
      case .start: if surroundings.isStart { open.append(step + 1) }
      case .end: if surroundings.isEnd { open.append(step + 1) }
      case .wordBoundary(let isNegated): if surroundings.isWordBoundary != isNegated { open.append(step + 1) }
      }
    }
    return false
  }

  /// Where the closed set leads with a scalar.
  func steps(taking scalar: Unicode.Scalar) -> [Int] {
    takers.compactMap { step in
      guard case .take(let index) = program.steps[step] else { return nil }
      return program.classes[index].contains(scalar) ? step + 1 : nil
    }
  }

  private mutating func visit(_ step: Int) -> Bool {
    guard !isVisited[step] else { return false }
    isVisited[step] = true
    visited.append(step)
    return true
  }

  private mutating func clearVisited() {
    for step in visited { isVisited[step] = false }
    visited.removeAll(keepingCapacity: true)
  }
}

extension PatternProgram {
  /// Whether the program matches somewhere in a text of valid UTF-8.
  func matches(_ utf8: ArraySlice<UInt8>) -> Bool {
    var run = PatternRun(self)
    run.arrive(at: [])
    var decoder = UTF8()
    var bytes = utf8.makeIterator()
    var previous: Unicode.Scalar?
    var next = decoder.decode(&bytes).scalar
    while true {
      var surroundings = PatternRun.Surroundings(isStart: previous == nil, isEnd: next == nil)
      surroundings.isWordBoundary = usesWordBoundary && Self.isWord(previous) != Self.isWord(next)
      if run.close(surroundings) { return true }
      guard let scalar = next else { return false }
      run.arrive(at: run.steps(taking: scalar))
      previous = scalar
      next = decoder.decode(&bytes).scalar
    }
  }

  private static func isWord(_ scalar: Unicode.Scalar?) -> Bool {
    scalar.map(ScalarClass.word.contains) ?? false
  }
}

extension UnicodeDecodingResult {
  fileprivate var scalar: Unicode.Scalar? {
    if case .scalarValue(let scalar) = self { scalar } else { nil }
  }
}
