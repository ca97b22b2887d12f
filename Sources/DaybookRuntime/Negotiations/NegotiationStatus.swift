import Daybook

/// How far a negotiation is.
///
/// ```
/// pending ──▶ negotiating ──▶ completed
///    │             │
///    └─────────────┴────────▶ failed
/// ```
///
/// The demand is formulated until the end; offers, rounds and the plan come while it is negotiated. What an assistant
/// wrote is kept whenever it comes, since its stream may end after all the rest.
package enum NegotiationStatus: String, Sendable, CaseIterable {
  case pending, negotiating, completed, failed

  package var isFinished: Bool { self == .completed || self == .failed }

  /// What may come next.
  package var successors: Set<NegotiationStatus> {
    switch self {
    case .pending: [.negotiating, .failed]
    case .negotiating: [.completed, .failed]
    case .completed, .failed: []
    }
  }

  /// - Throws: `.conflict` for a status that may not follow.
  func check(next status: NegotiationStatus, _ address: String) throws(StoreError) {
    guard !successors.contains(status) else { return }
    throw StoreError(.conflict, "A negotiation that is \(self) cannot become \(status).", document: address)
  }

  /// - Throws: `.conflict` unless it is one of those given.
  func check(isOneOf statuses: [NegotiationStatus], for purpose: String, _ address: String) throws(StoreError) {
    guard !statuses.contains(self) else { return }
    let wanted = statuses.map(\.rawValue).joined(separator: " or ")
    throw StoreError(
      .conflict, "A negotiation that is \(self) takes no \(purpose).", hint: "It has to be \(wanted).",
      document: address)
  }
}
