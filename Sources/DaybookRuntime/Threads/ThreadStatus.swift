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
  func check(becoming next: ThreadStatus, _ address: String) throws(StoreError) {
    guard !mayBecome(next) else { return }
    throw StoreError(
      .refused, "The thread is in the status \(rawValue), after which \(next.rawValue) does not come.",
      hint: "Let it run first.", document: address)
  }
}
