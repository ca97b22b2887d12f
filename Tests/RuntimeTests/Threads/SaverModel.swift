import Documents

@testable import DaybookRuntime

/// A saver of checkpoints as LangGraph's for tests is: dictionaries, and the plainest code for each rule. The oracle.
struct SaverModel {
  struct Checkpoint: Equatable {
    var parentID: String?
    var checkpoint: Payload
    var metadata: JSONObject
    var versions: JSONObject
  }

  struct Version: Hashable {
    var namespace: String
    var channel: String
    var version: JSONValue
  }

  struct WriteKey: Hashable {
    var task: String
    var index: Int
  }

  struct Write: Equatable {
    var path: String
    var channel: String
    var value: Payload
  }

  struct Thread: Equatable {
    var checkpoints: [CheckpointName: Checkpoint] = [:]
    var values: [Version: Payload] = [:]
    var writes: [CheckpointName: [WriteKey: Write]] = [:]
  }

  var threads: [String: Thread] = [:]

  // MARK: Writing

  /// Whether a version that the draft brings has another value.
  func contradicts(_ draft: CheckpointDraft, in thread: String) -> Bool {
    draft.values.contains { value in
      let version = Version(namespace: draft.namespace, channel: value.channel, version: value.version)
      return threads[thread]?.values[version].map { $0 != value.value } ?? false
    }
  }

  mutating func put(_ draft: CheckpointDraft, in thread: String) {
    let name = CheckpointName(draft.id, in: draft.namespace)
    threads[thread, default: Thread()].checkpoints[name] = Checkpoint(
      parentID: draft.parentID, checkpoint: draft.checkpoint, metadata: draft.metadata,
      versions: draft.channelVersions)
    for value in draft.values {
      let version = Version(namespace: draft.namespace, channel: value.channel, version: value.version)
      threads[thread]?.values[version] = value.value
    }
  }

  mutating func putWrites(
    _ drafts: [WriteDraft], task: String, path: String, to name: CheckpointName, in thread: String
  ) {
    let special = ["__error__": -1, "__scheduled__": -2, "__interrupt__": -3, "__resume__": -4]
    for (place, draft) in drafts.enumerated() {
      let key = WriteKey(task: task, index: draft.index ?? special[draft.channel] ?? place)
      let isThere = threads[thread]?.writes[name]?[key] != nil
      if key.index >= 0, isThere { continue }
      threads[thread, default: Thread()].writes[name, default: [:]][key] = Write(
        path: path, channel: draft.channel, value: draft.value)
    }
  }

  /// Whether two threads have different values under a version.
  func contradicts(_ source: String, _ target: String) -> Bool {
    guard let (one, other) = threads[source].flatMap({ one in threads[target].map { (one, $0) } }) else { return false }
    return one.values.contains { version, value in other.values[version].map { $0 != value } ?? false }
  }

  mutating func copy(_ source: String, to target: String) {
    guard let thread = threads[source] else { return }
    threads[target, default: Thread()].checkpoints.merge(thread.checkpoints) { _, new in new }
    threads[target]?.values.merge(thread.values) { _, new in new }
    for (name, writes) in thread.writes {
      // The writes of a task go as a whole.
      let tasks = Set(writes.keys.map(\.task))
      var kept = threads[target]?.writes[name] ?? [:]
      for key in kept.keys where tasks.contains(key.task) { kept[key] = nil }
      threads[target]?.writes[name] = kept.merging(writes) { _, new in new }
    }
  }

  mutating func deleteRuns(_ runs: [String]) {
    for (id, thread) in threads {
      let gone = thread.checkpoints.filter { runs.contains($0.value.metadata["run_id"]?.string ?? "") }
      if !gone.isEmpty { remove(Set(gone.keys), from: id) }
    }
  }

  mutating func prune(_ id: String, keepingLast count: Int) {
    guard let thread = threads[id] else { return }
    var kept: Set<CheckpointName> = []
    for namespace in Set(thread.checkpoints.keys.map(\.namespace)) {
      for name in names(in: id, namespace).prefix(count) {
        kept.insert(name)
        let counters = thread.checkpoints[name]?.metadata["counters_since_delta_snapshot"]?.object ?? [:]
        for channel in counters.keys { kept.formUnion(chain(of: channel, to: name, thread)) }
      }
    }
    remove(Set(thread.checkpoints.keys).subtracting(kept), from: id)
    // What was written to a checkpoint that is older than all that are left came too late.
    for name in thread.writes.keys where thread.checkpoints[name] == nil {
      let oldest = names(in: id, name.namespace).last
      if let oldest, name.id < oldest.id { threads[id]?.writes[name] = nil }
    }
  }

  /// What it takes to make the value of a channel.
  private func chain(of channel: String, to name: CheckpointName, _ thread: Thread) -> [CheckpointName] {
    var chain: [CheckpointName] = []
    var name = name
    while values(of: name, thread)[channel] == nil,
      let parent = thread.checkpoints[name]?.parentID.map({ CheckpointName($0, in: name.namespace) }),
      thread.checkpoints[parent] != nil, !chain.contains(parent)
    {
      chain.append(parent)
      name = parent
    }
    return chain
  }

  private mutating func remove(_ names: Set<CheckpointName>, from id: String) {
    guard var thread = threads[id] else { return }
    for name in names {
      thread.checkpoints[name] = nil
      thread.writes[name] = nil
    }
    let named = thread.checkpoints.flatMap { name, checkpoint in
      checkpoint.versions.map { Version(namespace: name.namespace, channel: $0.key, version: $0.value) }
    }
    thread.values = thread.values.filter { named.contains($0.key) }
    threads[id] = thread
  }

  // MARK: Reading

  /// The names of the checkpoints, newest first.
  func names(in thread: String, _ namespace: String?) -> [CheckpointName] {
    let names = (threads[thread]?.checkpoints.keys).map { Array($0) } ?? []
    return names.filter { namespace == nil || $0.namespace == namespace }.sorted { $0.id > $1.id }
  }

  func values(of name: CheckpointName, in thread: String) -> [String: Payload] {
    threads[thread].map { values(of: name, $0) } ?? [:]
  }

  private func values(of name: CheckpointName, _ thread: Thread) -> [String: Payload] {
    var values: [String: Payload] = [:]
    for (channel, version) in thread.checkpoints[name]?.versions ?? [:] {
      values[channel] = thread.values[Version(namespace: name.namespace, channel: channel, version: version)]
    }
    return values
  }

  /// The writes to a checkpoint, as `path|task|index|channel`.
  func writes(to name: CheckpointName, in thread: String) -> [(key: String, value: Payload)] {
    (threads[thread]?.writes[name] ?? [:]).sorted {
      ($0.value.path, $0.key.task, $0.key.index) < ($1.value.path, $1.key.task, $1.key.index)
    }.map { ("\($0.value.path)|\($0.key.task)|\($0.key.index)|\($0.value.channel)", $0.value.value) }
  }

  /// The history of a channel: its writes, oldest first, and the value that they begin with.
  func history(of channel: String, to name: CheckpointName, in thread: String) -> (writes: [Payload], seed: Payload?) {
    var writes: [Payload] = []
    var seen: Set<CheckpointName> = []
    var name = name
    while let parent = threads[thread]?.checkpoints[name]?.parentID.map({ CheckpointName($0, in: name.namespace) }),
      threads[thread]?.checkpoints[parent] != nil, seen.insert(parent).inserted
    {
      let own = (threads[thread]?.writes[parent] ?? [:]).filter { $0.value.channel == channel }.sorted {
        ($0.value.path, $0.key.task, $0.key.index) < ($1.value.path, $1.key.task, $1.key.index)
      }
      writes = own.map(\.value.value) + writes
      if let seed = values(of: parent, in: thread)[channel] { return (writes, seed) }
      name = parent
    }
    return (writes, nil)
  }
}
