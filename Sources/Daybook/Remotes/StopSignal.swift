import Synchronization

/// Tells work on another thread to end. It can be given once, and not taken back.
package final class StopSignal: Sendable {
  private let state = Atomic(false)

  package init() {}

  package var isGiven: Bool { state.load(ordering: .acquiring) }

  package func give() { state.store(true, ordering: .releasing) }
}
