import Daybook
package import Documents

/// What a task wrote to a channel after a checkpoint, before the next one takes it in.
///
/// The writes of one task stand in one document, in the order of their numbers. A number below 0 is that of a special
/// channel, of which the newest write counts; of any other number the first one does. So a task that is run again after
/// a failure changes nothing of what it wrote before, and may still report an error or be resumed once more.
package struct PendingWrite: Sendable, Equatable {
  package let taskID: String
  package let taskPath: String
  package let index: Int
  package let channel: String
  package let value: Payload

  /// The numbers of the special channels.
  private static let special = ["__error__": -1, "__scheduled__": -2, "__interrupt__": -3, "__resume__": -4]

  init(_ draft: WriteDraft, at place: Int, task: String, path: String) {
    taskID = task
    taskPath = path
    index = draft.index ?? Self.special[draft.channel] ?? place
    channel = draft.channel
    value = draft.value
  }

  private init(_ node: JSONNode, task: String) throws(StoreError) {
    taskID = task
    taskPath = node["task_path"]?.string ?? ""
    index = node["idx"]?.integer ?? 0
    channel = node["channel"]?.string ?? ""
    value = try node["value"].map { node throws(StoreError) in try Payload(node) } ?? .json(.null)
  }

  /// As it stands in its document.
  private var row: JSONValue {
    [
      "idx": .number(JSONNumber(index)), "channel": .string(channel), "task_path": .string(taskPath),
      "value": .object(value.members),
    ]
  }

  /// As it is answered.
  package var json: JSONValue { json(.object(value.members)) }

  func json(_ value: JSONValue) -> JSONValue {
    [
      "task_id": .string(taskID), "task_path": .string(taskPath), "idx": .number(JSONNumber(index)),
      "channel": .string(channel), "value": value,
    ]
  }

  // MARK: The document of a task

  /// The writes of a task with others added by the rule of their numbers.
  static func adding(_ added: [PendingWrite], to known: [PendingWrite]) -> [PendingWrite] {
    var byIndex = Dictionary(uniqueKeysWithValues: known.map { ($0.index, $0) })
    for write in added where write.index < 0 || byIndex[write.index] == nil { byIndex[write.index] = write }
    return byIndex.values.sorted { $0.index < $1.index }
  }

  static func document(
    _ writes: [PendingWrite], of task: String, _ checkpoint: CheckpointName, in thread: ThreadKey
  ) -> JSONValue {
    [
      "user": .string(thread.user), "thread_id": .string(thread.id), "checkpoint_ns": .string(checkpoint.namespace),
      "checkpoint_id": .string(checkpoint.id), "task_id": .string(task), "writes": .array(writes.map(\.row)),
    ]
  }

  /// Reads the document of a task; a number that somebody wrote twice by hand counts once.
  static func list(_ document: JSONNode) throws(StoreError) -> [PendingWrite] {
    let task = document["task_id"]?.string ?? ""
    var list: [PendingWrite] = []
    for row in document["writes"]?.elements.map({ $0 }) ?? [] {
      let write = try PendingWrite(row, task: task)
      if !list.contains(where: { $0.index == write.index }) { list.append(write) }
    }
    return list.sorted { $0.index < $1.index }
  }

  /// All writes of a checkpoint, by the paths of their tasks, then by task, then by number.
  static func all(
    of checkpoint: String, _ user: String, in snapshot: Snapshot
  ) throws(StoreError) -> [PendingWrite] {
    var all: [PendingWrite] = []
    for document in try documents(of: checkpoint, user, in: snapshot) { all += try list(document.root) }
    return all.sorted { $0.precedes($1) }
  }

  static func documents(
    of checkpoint: String, _ user: String, in snapshot: Snapshot
  ) throws(StoreError) -> [Document] {
    var documents: [Document] = []
    for id in try snapshot.ids(of: Checkpoints.writes, beginning: checkpoint + ".") {
      if let document = try snapshot.document("\(Checkpoints.writes)/\(id)", of: user) { documents.append(document) }
    }
    return documents
  }

  private func precedes(_ other: PendingWrite) -> Bool {
    for (own, others) in [(taskPath, other.taskPath), (taskID, other.taskID)] where !own.isExactly(others) {
      return own.precedesExactly(others)
    }
    return index < other.index
  }
}

/// A checkpoint within its thread.
package struct CheckpointName: Sendable, Hashable {
  package let namespace: String
  package let id: String

  package init(_ id: String, in namespace: String = "") {
    self.id = id
    self.namespace = namespace
  }

  package static func == (one: CheckpointName, other: CheckpointName) -> Bool {
    one.id.isExactly(other.id) && one.namespace.isExactly(other.namespace)
  }

  package func hash(into hasher: inout Hasher) { hasher.combine(id) }
}
