import Daybook
import Documents
import TestSupport
import Testing

@testable import DaybookRuntime

/// Random work on threads in a store and on the oracle: they agree after each step, and after the store was closed and
/// opened.
@Suite struct SaverModelTests {
  @Test(arguments: [1, 2, 3, 4] as [UInt64])
  func aStoreOfCheckpointsBehavesLikeTheOneInMemory(seed: UInt64) async throws {
    let temporary = try TemporaryStore()
    var run = SaverRun(try temporary.open(), seed: seed)
    for step in 0..<260 {
      let thread = try await run.step()
      try run.compare(thread, "seed \(seed) step \(step)")
      guard step % 65 == 64 else { continue }
      try await run.store.close()
      // Made from the commits, the index says the same.
      if step > 200 { try temporary.remove(".git/daybook/index") }
      run.use(try temporary.open())
      for thread in SaverRun.threads { try run.compare(thread, "seed \(seed) step \(step), opened again") }
    }
    let findings = try await run.store.check().findings
    #expect(findings == [], "seed \(seed)")
    try await run.store.close()
    try temporary.checkGit()
    #expect(try temporary.git("status", "--porcelain") == "")
  }
}

private struct SaverRun {
  private(set) var store: Store
  private var checkpoints: Checkpoints
  private var agentThreads: AgentThreads
  private var model = SaverModel()
  private var random: RepeatableRandom
  private let caller = Caller.owner(Author(name: "Test", email: "test@example.org"))

  static let threads = ["thread-1", "", "a:b|c/d"]
  private static let namespaces = ["", "child:1", "child:1|task:é"]
  private static let channels = ["messages", "branch:to:agent", "__start__"]
  private static let tasks = ["task-1", "task-2", ""]

  init(_ store: Store, seed: UInt64) {
    self.store = store
    checkpoints = Checkpoints(store)
    agentThreads = AgentThreads(store)
    random = RepeatableRandom(seed: seed)
  }

  mutating func use(_ store: Store) {
    self.store = store
    checkpoints = Checkpoints(store)
    agentThreads = AgentThreads(store)
  }

  // MARK: Steps

  /// Does something to a thread and returns which.
  mutating func step() async throws -> String {
    let thread = pick(Self.threads)
    switch Int.random(in: 0..<30, using: &random) {
    case 0..<14: try await put(in: thread)
    case 14..<24: try await putWrites(in: thread)
    case 24: try await deleteRuns()
    case 25: return try await copy(thread)
    case 26:
      model.threads[thread] = nil
      try await agentThreads.delete(thread, for: caller)
    default:
      let count = Int.random(in: 1...3, using: &random)
      model.prune(thread, keepingLast: count)
      try await agentThreads.prune([thread, "nobody's"], .keepLast(count), for: caller)
    }
    return thread
  }

  private mutating func put(in thread: String) async throws {
    let namespace = pick(Self.namespaces)
    // Versions of few numbers, so that checkpoints share values, and some would overwrite others.
    var versions: JSONObject = [:]
    var values: [ChannelValue] = []
    for channel in Self.channels where Bool.random(using: &random) {
      let version = pick([1, 2, "1", "00002.0.5"] as [JSONValue])
      versions[channel] = version
      if Bool.random(using: &random) {
        let name = SaverModel.Version(namespace: namespace, channel: channel, version: version)
        let known = Int.random(in: 0..<9, using: &random) > 0 ? model.threads[thread]?.values[name] : nil
        values.append(ChannelValue(channel: channel, version: version, value: known ?? payload()))
      }
    }
    var metadata: JSONObject = ["step": number(0..<4), "source": .string(pick(["input", "loop"]))]
    if Bool.random(using: &random) { metadata["run_id"] = .string(pick(["run-1", "run-2"])) }
    if Bool.random(using: &random) {
      metadata["counters_since_delta_snapshot"] = [pick(Self.channels): [number(0..<4), number(0..<4)]]
    }
    let id = pick((10..<30).map { "1f0a-\($0)" })
    let older = model.names(in: thread, namespace).filter { $0.id < id }
    let draft = CheckpointDraft(
      id: id, namespace: namespace, parentID: older.randomElement(using: &random)?.id,
      checkpoint: payload(), metadata: metadata, channelVersions: versions, values: values)
    if model.contradicts(draft, in: thread) {
      return await expectRefusal(.conflict, of: store) { try await checkpoints.put(draft, in: thread, for: caller) }
    }
    model.put(draft, in: thread)
    try await checkpoints.put(draft, in: thread, for: caller)
    if Bool.random(using: &random) { try await checkpoints.put(draft, in: thread, for: caller) }
  }

  private mutating func putWrites(in thread: String) async throws {
    let known = model.names(in: thread, nil).randomElement(using: &random)
    let name = known ?? CheckpointName("1f0a-\(Int.random(in: 10..<30, using: &random))", in: pick(Self.namespaces))
    let channels = Self.channels + ["__error__", "__interrupt__", "__resume__"]
    let drafts = (0..<Int.random(in: 1...3, using: &random)).map { _ in
      WriteDraft(channel: pick(channels), value: payload())
    }
    let (task, path) = (pick(Self.tasks), pick(["", "~a", "~b, 1"]))
    model.putWrites(drafts, task: task, path: path, to: name, in: thread)
    try await checkpoints.putWrites(drafts, task: task, path: path, to: name, in: thread, for: caller)
  }

  private mutating func deleteRuns() async throws {
    let runs = pick([["run-1"], ["run-1", "run-2"], ["none"], []])
    model.deleteRuns(runs)
    try await agentThreads.deleteRuns(runs, for: caller)
  }

  private mutating func copy(_ source: String) async throws -> String {
    let target = pick(Self.threads.filter { $0 != source })
    guard (try? agentThreads.thread(source, for: caller)) != nil else { return source }
    if model.contradicts(source, target) {
      await expectRefusal(.conflict, of: store) { try await agentThreads.copy(source, to: target, for: caller) }
      return target
    }
    model.copy(source, to: target)
    try await agentThreads.copy(source, to: target, for: caller)
    return target
  }

  // MARK: Comparing

  func compare(_ thread: String, _ moment: String) throws {
    for namespace in [nil] + Self.namespaces.map(Optional.some) {
      let page = try checkpoints.list(CheckpointFilter(thread: thread, namespace: namespace), for: caller)
      // Equal ids of several namespaces have no order among each other.
      #expect(page.checkpoints.map(\.id) == model.names(in: thread, namespace).map(\.id), "\(moment)")
      for checkpoint in page.checkpoints { try compare(checkpoint, thread, moment) }
      guard let namespace else { continue }
      let latest = try checkpoints.checkpoint(namespace: namespace, in: thread, for: caller)
      #expect(latest?.id == model.names(in: thread, namespace).first?.id, "\(moment)")
      try compareFilters(thread, namespace, moment)
    }
  }

  private func compareFilters(_ thread: String, _ namespace: String, _ moment: String) throws {
    let names = model.names(in: thread, namespace)
    var filter = CheckpointFilter(thread: thread, namespace: namespace, limit: 2)
    filter.metadata = ["source": "input", "run_id": nil]
    filter.before = names.first?.id
    let expected = names.dropFirst().filter { name in
      let metadata = model.threads[thread]?.checkpoints[name]?.metadata
      return metadata?["source"] == "input" && metadata?["run_id"] == nil
    }
    let found = try checkpoints.list(filter, for: caller).checkpoints
    #expect(found.map(\.id) == expected.prefix(2).map(\.id), "\(moment)")
  }

  private func compare(_ found: SavedCheckpoint, _ thread: String, _ moment: String) throws {
    let name = CheckpointName(found.id, in: found.namespace)
    let expected = model.threads[thread]?.checkpoints[name]
    let comment = Comment(rawValue: "\(moment), \(thread) \(name)")
    #expect(found.threadID == thread, comment)
    #expect(try found.checkpoint() == expected?.checkpoint, comment)
    #expect(found.parentID == expected?.parentID, comment)
    #expect(found.metadata == expected?.metadata, comment)
    let values = try found.values().map { ($0.channel, $0.value) }
    #expect(Dictionary(uniqueKeysWithValues: values) == model.values(of: name, in: thread), comment)
    let writes = try found.writes()
    let expectedWrites = model.writes(to: name, in: thread)
    #expect(
      writes.map { "\($0.taskPath)|\($0.taskID)|\($0.index)|\($0.channel)" } == expectedWrites.map(\.key), comment)
    #expect(writes.map(\.value) == expectedWrites.map(\.value), comment)
    for history in try checkpoints.histories(
      of: Self.channels, before: name.id, namespace: name.namespace, in: thread, for: caller)
    {
      let expected = model.history(of: history.channel, to: name, in: thread)
      #expect(history.writes.map(\.value) == expected.writes, comment)
      #expect(history.seed == expected.seed, comment)
    }
  }

  // MARK: Random values

  private mutating func pick<Value>(_ values: [Value]) -> Value {
    values[Int.random(in: 0..<values.count, using: &random)]
  }

  private mutating func number(_ range: Range<Int>) -> JSONValue {
    .number(JSONNumber(Int.random(in: range, using: &random)))
  }

  private mutating func payload() -> Payload {
    let bytes = (0..<Int.random(in: 0..<40, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
    switch Int.random(in: 0..<4, using: &random) {
    case 0: return .json(["n": number(0..<9), "list": [1.50, nil, "é"]])
    case 1: return Payload(type: "json", bytes: Array("{\"n\": \(bytes.count)}\n".utf8))
    case 2: return Payload(type: "null", bytes: [])
    default: return Payload(type: "msgpack", bytes: bytes)
    }
  }
}
