import Dispatch
import Synchronization

extension Workload {
  /// New versions of documents, each of another document than those just before it and each a change of its document.
  ///
  /// They are made ahead of what is measured: making one takes about half as long as writing it. `round` tells those of one
  /// round from those of another.
  public func versions(_ count: Int, of documents: Int, round: Int) -> [Task] {
    let parts = Mutex<[Int: [Task]]>([:])
    let size = 4_096
    DispatchQueue.concurrentPerform(iterations: (count + size - 1) / size) { part in
      let tasks = (part * size..<min(count, (part + 1) * size)).map { place in
        task(place * 7_919 % documents, version: place + 1 + round * Self.versionsOfARound)
      }
      parts.withLock { $0[part] = tasks }
    }
    return parts.withLock { parts in parts.keys.sorted().flatMap { parts[$0] ?? [] } }
  }

  private static let versionsOfARound = 1_000_000
}
