/// Those who wait for their turn, longest first. A value: whoever holds it resumes whom it hands out, outside of its lock.
struct WaitingLine {
  typealias Waiter = CheckedContinuation<Void, any Error>
  /// Who waits. Known before it waits, so that somebody may give up at any moment.
  final class Ticket: Sendable {}

  private var waiting: [(ticket: Ticket, waiter: Waiter)] = []

  var count: Int { waiting.count }
  var isEmpty: Bool { waiting.isEmpty }

  mutating func append(_ ticket: Ticket, _ waiter: Waiter) { waiting.append((ticket, waiter)) }

  mutating func popFirst() -> Waiter? { waiting.isEmpty ? nil : waiting.removeFirst().waiter }

  /// Takes out who gives up; nil when it does not wait, or not any more.
  mutating func remove(_ ticket: Ticket) -> Waiter? {
    waiting.firstIndex { $0.ticket === ticket }.map { waiting.remove(at: $0).waiter }
  }
}
