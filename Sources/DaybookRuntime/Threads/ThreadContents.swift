import Daybook
import Documents

/// All documents that belong to a thread at one moment, by what their ids begin with. None is read for that.
struct ThreadContents {
  let key: ThreadKey
  let snapshot: Snapshot
  /// The ids of the documents in the collections of checkpoints, writes and values.
  let checkpoints: [String]
  let writes: [String]
  let values: [String]

  init(_ key: ThreadKey, in snapshot: Snapshot) throws(StoreError) {
    self.key = key
    self.snapshot = snapshot
    checkpoints = try snapshot.ids(of: Checkpoints.collection, beginning: key.prefix).map(\.text)
    writes = try snapshot.ids(of: Checkpoints.writes, beginning: key.prefix).map(\.text)
    values = try snapshot.ids(of: Checkpoints.values, beginning: key.prefix).map(\.text)
  }

  func checkpoint(_ id: String) throws(StoreError) -> SavedCheckpoint? {
    try snapshot.document("\(Checkpoints.collection)/\(id)", of: key.user).map { document in
      SavedCheckpoint(document: document, thread: key, snapshot: snapshot)
    }
  }

  // MARK: Taking away

  /// What goes with some checkpoints: what was written after them, and the values that none of the others names. What
  /// was written to a checkpoint that has not arrived yet stays.
  func documents(goingWith removed: Set<String>) throws(StoreError) -> [String] {
    var named: Set<String> = []
    for id in checkpoints where !removed.contains(id) {
      guard let checkpoint = try checkpoint(id) else { continue }
      for (channel, version) in checkpoint.channelVersions {
        named.insert(try key.value(of: channel, version, checkpoint.namespace))
      }
    }
    let written = writes.filter { id in
      id.lastIndex(of: ".").map { removed.contains(String(id[..<$0])) } ?? false
    }
    return removed.sorted().map { "\(Checkpoints.collection)/\($0)" }
      + written.map { "\(Checkpoints.writes)/\($0)" }
      + values.filter { !named.contains($0) }.map { "\(Checkpoints.values)/\($0)" }
  }

  /// Everything but the document of the thread itself, in an order in which nothing that is left refers to what is
  /// gone.
  var everything: [String] {
    checkpoints.map { "\(Checkpoints.collection)/\($0)" } + writes.map { "\(Checkpoints.writes)/\($0)" }
      + values.map { "\(Checkpoints.values)/\($0)" }
  }

  // MARK: Pruning

  /// The ids of the checkpoints that do not stay when so many of each namespace do.
  func checkpoints(beyondNewest count: Int) throws(StoreError) -> Set<String> {
    var saved: [CheckpointName: SavedCheckpoint] = [:]
    var all: [Retention.Checkpoint] = []
    for id in checkpoints {
      guard let checkpoint = try checkpoint(id) else { continue }
      let name = CheckpointName(checkpoint.id, in: checkpoint.namespace)
      saved[name] = checkpoint
      let counters = checkpoint.metadata["counters_since_delta_snapshot"]?.object ?? [:]
      all.append(
        Retention.Checkpoint(
          name: name, parentID: checkpoint.parentID, derivedChannels: Set(counters.keys.map { ExactText($0) })))
    }
    let kept = try Retention.kept(of: all, newest: count) { name, channel throws(StoreError) in
      try saved[name]?.value(of: channel) != nil
    }
    return Set(saved.filter { !kept.contains($0.key) }.values.map(\.document.address.id.text))
  }
}
