import Synchronization

/// A step of a long work.
protocol CountedStep: Hashable, Sendable {
  /// What is counted in it, such as `objects written`.
  var counted: String { get }
}

/// Shows how far a work of several steps is: a bar for each of them.
final class StepBars<Step: CountedStep>: Sendable {
  private let isSilent: Bool
  private let bars = Mutex<[Step: ProgressBar]>([:])

  /// Lends the bars to a work, and takes what is on the screen off it.
  static func during<Result>(
    isSilent: Bool,
    _ body: (@escaping @Sendable (_ step: Step, _ done: Int, _ total: Int?) -> Void) async throws -> Result
  ) async rethrows -> Result {
    let bars = StepBars(isSilent: isSilent)
    defer { bars.finish() }
    return try await body { bars.bar($0).show($1, of: $2) }
  }

  private init(isSilent: Bool) {
    self.isSilent = isSilent
  }

  private func bar(_ step: Step) -> ProgressBar {
    bars.withLock { bars in
      if let bar = bars[step] { return bar }
      for earlier in bars.values { earlier.finish() }
      let bar = ProgressBar(step.counted, isSilent: isSilent)
      bars[step] = bar
      return bar
    }
  }

  private func finish() {
    bars.withLock { bars in
      for bar in bars.values { bar.finish() }
    }
  }
}
