import Dispatch
import Synchronization

extension Array where Element: Sendable {
  /// What the closure makes of each element, in their order; it is called on all processors at once. Blocks.
  ///
  /// - Throws: one of the errors that the closure throws, if it does.
  func concurrentMap<Result: Sendable>(_ body: @Sendable (Element) throws -> Result) throws -> [Result] {
    let results = Mutex<[(place: Int, results: [Result])]>([])
    let failure = Mutex<(any Error)?>(nil)
    DispatchQueue.concurrentPerform(iterations: (count + Limits.concurrentShare - 1) / Limits.concurrentShare) {
      number in
      let places = number * Limits.concurrentShare..<Swift.min(count, (number + 1) * Limits.concurrentShare)
      do {
        let made = try self[places].map(body)
        results.withLock { $0.append((number, made)) }
      } catch {
        let reason = error
        failure.withLock { $0 = reason }
      }
    }
    if let failure = failure.withLock({ $0 }) { throw failure }
    return results.withLock { $0 }.sorted { $0.place < $1.place }.flatMap(\.results)
  }
}
