import Git
import Synchronization

/// Which contents are much like another one that stands under another name: what condensing cannot read off the commits,
/// where it finds only what came before under the same name.
///
/// It is kept in memory, and the oldest is forgotten. Nothing depends on it: a content of which nothing is known is
/// compressed by itself.
final class Likeness: Sendable {
  private struct State {
    var newer: [ObjectID: ObjectID] = [:]
    var older: [ObjectID: ObjectID] = [:]
  }

  private let state = Mutex(State())

  func note(_ id: ObjectID, isLike other: ObjectID) {
    state.withLock { state in
      state.newer[id] = other
      guard state.newer.count >= Limits.likenesses / 2 else { return }
      state.older = state.newer
      state.newer = [:]
    }
  }

  subscript(id: ObjectID) -> ObjectID? { state.withLock { $0.newer[id] ?? $0.older[id] } }
}

extension Store {
  /// Says that a document's revision is much like another document's, so that little more than the difference need be
  /// stored.
  package func note(_ revision: Revision, isLike other: Revision) {
    if revision != other { parts.objects.likeness.note(revision.id, isLike: other.id) }
  }
}
