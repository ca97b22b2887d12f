package import Daybook

/// When a writing process dies: as `opening:MICROSECONDS`, `writing:MICROSECONDS` or `step:STEP:COUNT` on its command line.
package enum KillMoment: Sendable, CustomStringConvertible {
  /// So long after the process began, which is while it opens the store.
  case opening(microseconds: Int)
  /// So long after the store was open.
  case writing(microseconds: Int)
  /// At the count-th time that it takes this step of a write.
  case step(WriteStep, count: Int)

  /// So long after the store was open it dies in any case: a step may not come that often.
  package static let patience = 6_000_000

  package init?(_ text: String) {
    let parts = text.split(separator: ":").map(String.init)
    guard parts.count > 1, let number = Int(parts[parts.count - 1]) else { return nil }
    switch (parts[0], parts.count) {
    case ("opening", 2): self = .opening(microseconds: number)
    case ("writing", 2): self = .writing(microseconds: number)
    case ("step", 3):
      guard let step = WriteStep(rawValue: parts[1]) else { return nil }
      self = .step(step, count: number)
    default: return nil
    }
  }

  package var description: String {
    switch self {
    case .opening(let microseconds): "opening:\(microseconds)"
    case .writing(let microseconds): "writing:\(microseconds)"
    case .step(let step, let count): "step:\(step.rawValue):\(count)"
    }
  }
}
