/// A pattern as a deterministic automaton over ASCII: one table look-up for each byte, and no allocation.
///
/// A state is a set of steps at which a run of the program arrives. Most patterns of schemas have a handful; one that
/// needs more than a bound has no table, nor has one with `\b`, whose closing depends on the next scalar.
struct PatternTable: Sendable {
  static let maximumStates = 256
  private static let matched = 0

  /// ASCII characters that no class of the program tells apart share a column.
  private let columns: [UInt8]
  private let columnCount: Int
  /// The state after `state * columnCount + column`; 0 is the match, which no text leaves.
  private let successors: [UInt16]
  private let matchesAtEnd: [Bool]
  private static let start = 1

  init?(_ program: PatternProgram) {
    guard !program.usesWordBoundary else { return nil }
    let (columns, examples) = Self.columns(of: program.classes)
    var builder = Builder(program, examples: examples)
    guard builder.build() else { return nil }
    self.columns = columns
    columnCount = examples.count
    successors = builder.successors
    matchesAtEnd = builder.matchesAtEnd
  }

  /// Whether the pattern matches somewhere in the text; nil when the text is not ASCII.
  func matches(_ utf8: ArraySlice<UInt8>) -> Bool? {
    var state = Self.start
    for byte in utf8 {
      if state == Self.matched { return true }
      guard byte < 0x80 else { return nil }
      state = Int(successors[state * columnCount + Int(columns[Int(byte)])])
    }
    return matchesAtEnd[state]
  }

  /// Each ASCII character's column, and one character of each column.
  private static func columns(of classes: [ScalarClass]) -> (columns: [UInt8], examples: [Unicode.Scalar]) {
    var columnOfSignature: [[Bool]: UInt8] = [:]
    var examples: [Unicode.Scalar] = []
    let columns = (UInt8(0)..<0x80).map { byte in
      let scalar = Unicode.Scalar(byte)
      let signature = classes.map { $0.contains(scalar) }
      if let column = columnOfSignature[signature] { return column }
      examples.append(scalar)
      columnOfSignature[signature] = UInt8(examples.count - 1)
      return UInt8(examples.count - 1)
    }
    return (columns, examples)
  }
}

/// Finds the states one after the other, each by running the program one scalar further.
private struct Builder {
  private var run: PatternRun
  private let examples: [Unicode.Scalar]
  /// What a state stands for. The text's start is a state of its own, since `^` holds only there.
  private struct Key: Hashable {
    var arrivals: [Int]
    var isStart: Bool
  }
  private var states: [Key] = []
  private var stateOfKey: [Key: Int] = [:]
  private(set) var successors: [UInt16]
  private(set) var matchesAtEnd = [true]

  init(_ program: PatternProgram, examples: [Unicode.Scalar]) {
    run = PatternRun(program)
    self.examples = examples
    successors = Array(repeating: 0, count: examples.count)
    run.arrive(at: [])
    _ = state(of: Key(arrivals: run.arrivals, isStart: true))
  }

  /// False when there are too many states.
  mutating func build() -> Bool {
    var done = 0
    while done < states.count {
      guard states.count < PatternTable.maximumStates else { return false }
      expand(states[done])
      done += 1
    }
    return true
  }

  private mutating func expand(_ key: Key) {
    run.arrive(at: key.arrivals)
    matchesAtEnd.append(run.close(.init(isStart: key.isStart, isEnd: true)))
    guard !run.close(.init(isStart: key.isStart, isEnd: false)) else {
      successors += Array(repeating: 0, count: examples.count)
      return
    }
    let closed = run
    for example in examples {
      run.arrive(at: closed.steps(taking: example))
      let next = state(of: Key(arrivals: run.arrivals.sorted(), isStart: false))
      successors.append(UInt16(next))
    }
  }

  private mutating func state(of key: Key) -> Int {
    if let known = stateOfKey[key] { return known }
    states.append(key)
    stateOfKey[key] = states.count
    return states.count
  }
}
