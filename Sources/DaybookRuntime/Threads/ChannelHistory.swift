package import Daybook
package import Documents

/// What one channel went through on the way to a checkpoint.
package struct ChannelHistory: Sendable, Equatable {
  package let channel: String
  /// What was written to it since its value was last kept whole, oldest first. What is pending at the checkpoint itself
  /// is not among it: that makes the next one.
  package var writes: [PendingWrite] = []
  /// That value, as the nearest ancestor has it; that one's own writes come on top of it. Nil when none has any.
  package var seed: Payload?

  /// As it is answered.
  package var json: JSONValue {
    [
      "channel": .string(channel), "writes": .array(writes.map(\.json)),
      "seed": seed.map { .object($0.members) } ?? .null,
    ]
  }
}

extension Checkpoints {
  /// The histories of channels whose values are kept whole only now and then, all in one walk over the parents. It ends
  /// for each channel at the nearest ancestor that has its value.
  ///
  /// - Parameter id: the checkpoint; the latest of its namespace when left out.
  /// - Throws: `.limit` after `Limits.chainedCheckpoints` ancestors.
  package func histories(
    of channels: [String], before id: String? = nil, namespace: String = "", in thread: String, for caller: Caller
  ) throws(StoreError) -> [ChannelHistory] {
    var histories = channels.map { ChannelHistory(channel: $0) }
    let key = try ThreadKey(thread, of: caller)
    guard let target = try checkpoint(id, namespace, key, in: store.snapshot()) else { return histories }
    var open = Set(channels.indices)
    var walk = AncestorWalk(of: target)
    while !open.isEmpty, let ancestor = try walk.next() {
      let writes = try ancestor.writes()
      for place in open {
        let channel = channels[place]
        histories[place].writes.insert(contentsOf: writes.filter { $0.channel.isExactly(channel) }, at: 0)
        histories[place].seed = try ancestor.value(of: channel)
        if histories[place].seed != nil { open.remove(place) }
      }
    }
    return histories
  }
}

/// The ancestors of a checkpoint, the nearest first.
struct AncestorWalk {
  private var current: SavedCheckpoint?
  private var steps = 0

  init(of checkpoint: SavedCheckpoint) { current = checkpoint }

  mutating func next() throws(StoreError) -> SavedCheckpoint? {
    guard let child = current, let parent = child.parentID else { return nil }
    steps += 1
    guard steps <= Limits.chainedCheckpoints else {
      throw StoreError(
        .limit, "The thread '\(child.threadID)' has more than \(Limits.chainedCheckpoints) checkpoints in a row.",
        hint: "Prune it.")
    }
    let id = try child.thread.checkpoint(parent, child.namespace)
    current = try child.snapshot.document("\(Checkpoints.collection)/\(id)", of: child.thread.user).map { document in
      SavedCheckpoint(document: document, thread: child.thread, snapshot: child.snapshot)
    }
    return current
  }
}
