import Git

/// How far the transfers of a sync are.
package struct SyncProgress: Sendable, Equatable {
  package typealias Listener = @Sendable (SyncProgress) -> Void

  package enum Step: Sendable, CaseIterable {
    /// The other side counts and packs.
    case waiting
    case receiving, inspecting, packing, sending
  }

  package let step: Step
  package let done: Int
  /// Nil while nobody knows.
  package let total: Int?

  init(_ progress: TransferProgress) {
    switch progress.step {
    case .waiting: step = .waiting
    case .receiving, .resolving: step = .receiving
    case .inspecting: step = .inspecting
    case .packing: step = .packing
    case .sending: step = .sending
    }
    (done, total) = (progress.done, progress.total)
  }
}
