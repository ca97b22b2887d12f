import Daybook

/// How far a research task is.
///
/// ```
/// planned ──▶ running ──▶ completed, failed
///    │           │               │
///    └───────────┴──▶ cancelled ─┴── reopened ──▶ running
/// ```
///
/// A planned one may also fail. Steps, panels and analyses are added only while it runs; its plan may change until it is
/// finished.
package enum ResearchStatus: String, Sendable, CaseIterable {
  case planned, running, completed, failed, cancelled

  package var isFinished: Bool { self == .completed || self == .failed || self == .cancelled }

  /// What may come next.
  package var successors: Set<ResearchStatus> {
    switch self {
    case .planned: [.running, .failed, .cancelled]
    case .running: [.completed, .failed, .cancelled]
    case .completed, .failed, .cancelled: [.running]
    }
  }

  /// - Parameter origins: from where the caller means to come.
  /// - Throws: `.conflict` for a status that may not follow.
  func check(next status: ResearchStatus, from origins: [ResearchStatus], _ address: String) throws(StoreError) {
    guard !successors.contains(status) || !origins.contains(self) else { return }
    let wanted = origins.filter { $0.successors.contains(status) }.map(\.rawValue).joined(separator: ", ")
    throw StoreError(
      .conflict, "A research task that is \(self) cannot be made \(status) so.", hint: "It has to be: \(wanted).",
      document: address)
  }

  /// - Throws: `.conflict` unless it runs.
  func checkTakesItems(_ address: String) throws(StoreError) {
    if self == .running { return }
    let remedy = self == .planned ? "Start it first." : "Reopen it first."
    throw StoreError(
      .conflict, "Nothing can be added to a research task that is \(self).", hint: remedy, document: address)
  }

  /// - Throws: `.conflict` when it is finished.
  func checkTakesPlan(_ address: String) throws(StoreError) {
    guard isFinished else { return }
    throw StoreError(
      .conflict, "The plan of a research task that is \(self) cannot change.", hint: "Reopen it first.",
      document: address)
  }
}
