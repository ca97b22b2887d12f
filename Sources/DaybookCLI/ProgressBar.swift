import Synchronization

/// How far a long work is, on standard error: a bar that moves on a terminal, else a line every ten seconds.
final class ProgressBar: Sendable {
  private struct State {
    var shown: ContinuousClock.Instant
    var isOnScreen = false
  }

  private let what: String
  private let isSilent: Bool
  private let started = ContinuousClock.now
  private let state: Mutex<State>

  private static let barCells = 30
  private static let terminalPause = Duration.milliseconds(100)
  private static let linePause = Duration.seconds(10)

  /// - Parameter what: what is counted, such as `documents`.
  init(_ what: String, isSilent: Bool) {
    self.what = what
    self.isSilent = isSilent
    state = Mutex(State(shown: started))
  }

  /// How long it has taken so far, in seconds.
  var seconds: Double { (ContinuousClock.now - started) / .seconds(1) }

  /// - Parameter total: nil when nobody knows.
  func show(_ done: Int, of total: Int?) {
    guard !isSilent else { return }
    let now = ContinuousClock.now
    let isDue = state.withLock { state in
      guard now - state.shown >= (Terminal.showsErrors ? Self.terminalPause : Self.linePause) else { return false }
      state.shown = now
      state.isOnScreen = true
      return true
    }
    guard isDue else { return }
    let line = text(done, total)
    try? Descriptor.standardError.write((Terminal.showsErrors ? "\r\(line)\u{1B}[K" : "\(line)\n").utf8)
  }

  /// Takes the bar off the screen.
  func finish() {
    guard Terminal.showsErrors, state.withLock({ $0.isOnScreen }) else { return }
    try? Descriptor.standardError.write("\r\u{1B}[K".utf8)
  }

  private func text(_ done: Int, _ total: Int?) -> String {
    let rate = "\(Int(Double(done) / max(seconds, 0.001)))/s"
    guard let total, total > 0 else { return "\(done) \(what), \(rate)" }
    let cells = min(Self.barCells, Self.barCells * done / total)
    let bar = String(repeating: "█", count: cells) + String(repeating: "░", count: Self.barCells - cells)
    return "\(bar) \(done) of \(total) \(what), \(rate)"
  }
}
