import Daybook

/// How far a session of an agent is:
///
/// ```
///   running ⇄ interrupted        it waits for a person, and goes on when one has decided
///      ↓   ↘       ↓   ↘
///  completed  error               until the next run begins
/// ```
///
/// From `completed` and `error` a next run leads to `running`, or at once to `interrupted`. Neither becomes the other.
/// While an interrupt is open a thread is `interrupted`, or `error`: nobody goes on past a question, which else could be
/// answered with nobody left to hear it (`Waiting`).
package enum ThreadStatus: String, Sendable, CaseIterable {
  case running, interrupted, completed, error

  /// Whether it may become another one. Staying the same is no change, and allowed.
  func mayBecome(_ next: ThreadStatus) -> Bool {
    switch (self, next) {
    case (.completed, .error), (.error, .completed): false
    default: true
    }
  }

  /// - Throws: `.refused` for a status that may not follow.
  func check(becoming next: ThreadStatus, open: Waiting, _ address: String) throws(StoreError) {
    guard open.interrupts == 0 || next == .interrupted || next == .error else {
      throw StoreError(
        .refused, "\(open.interrupts) interrupts of the thread wait for an answer: it cannot become \(next.rawValue).",
        hint: "Answer them or take them back.", document: address)
    }
    guard !mayBecome(next) else { return }
    throw StoreError(
      .refused, "The thread is in the status \(rawValue), after which \(next.rawValue) does not come.",
      hint: "Let it run first.", document: address)
  }
}
