import Daybook
import Documents
import TestSupport
import Testing

@testable import DaybookRuntime

@Suite struct CheckpointsTests {
  private let temporary: TemporaryStore
  private let store: Store
  private let checkpoints: Checkpoints
  private let threads: AgentThreads
  private let owner = Caller.owner(Author(name: "Owner", email: "owner@example.org"))
  private let ann = Caller(user: "ann", author: Author(name: "Ann", email: "ann@example.org"))

  init() throws {
    temporary = try TemporaryStore()
    store = try temporary.open()
    threads = AgentThreads(store)
    checkpoints = Checkpoints(threads)
  }

  private func draft(_ id: String, parent: String? = nil, text: String = "hello") -> CheckpointDraft {
    CheckpointDraft(
      id: id, parentID: parent, checkpoint: Payload(type: "msgpack", bytes: [0x80]), metadata: ["step": 1],
      channelVersions: ["messages": .string(id), "other": 1],
      values: [ChannelValue(channel: "messages", version: .string(id), value: .json([.string(text)]))])
  }

  @Test func aCheckpointIsOneCommitAndPuttingItAgainIsNone() async throws {
    let before = store.snapshot().sequence
    let receipt = try await checkpoints.put(draft("c1"), in: "t", for: owner)
    #expect(receipt.sequence == before + 1)
    #expect(try await !checkpoints.put(draft("c1"), in: "t", for: owner).changed)
    let saved = try #require(try checkpoints.checkpoint(in: "t", for: owner))
    #expect(saved.id == "c1" && saved.parentID == nil && saved.threadID == "t")
    #expect(try saved.values() == draft("c1").values)
    #expect(try threads.thread("t", for: owner).threadStatus == .running)
    try await store.close()
  }

  @Test func aStepWritesWhatItChangedAndCarriesTheRestOver() async throws {
    try await checkpoints.put(draft("c1"), in: "t", for: owner)
    var next = draft("c2", parent: "c1")
    next.channelVersions["messages"] = "c1"
    next.values = []
    let receipt = try await checkpoints.put(next, in: "t", for: owner)
    #expect(receipt.documents.count == 1)
    #expect(try checkpoints.checkpoint("c2", in: "t", for: owner)?.values() == draft("c1").values)
    try await store.close()
  }

  @Test func equalValuesAreOneContentInGit() async throws {
    try await checkpoints.put(draft("c1", text: "the same"), in: "t", for: owner)
    try await checkpoints.put(draft("c2", text: "the same"), in: "t", for: owner)
    try await threads.copy("t", to: "u", for: owner)
    try await store.close()
    let blobs = try temporary.git("ls-tree", "-r", "HEAD", "threads/values/").split(separator: "\n")
      .map { $0.split(separator: "\t")[0] }
    #expect(blobs.count == 4)
    #expect(Set(blobs).count == 1)
  }

  @Test func writesOfManyTasksAtOnceAreAllThereAndThoseOfOneTaskKeepTheirRules() async throws {
    let checkpoints = checkpoints
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 0..<24 {
        group.addTask { [owner] in
          let task = "task-\(number % 4)"
          let writes = [
            WriteDraft(channel: "messages", value: .json(.string(task)), index: number / 4),
            WriteDraft(channel: "__resume__", value: .json(.number(JSONNumber(number)))),
          ]
          try await checkpoints.putWrites(writes, task: task, to: CheckpointName("c1"), in: "t", for: owner)
        }
      }
      try await group.waitForAll()
    }
    #expect(try checkpoints.checkpoint(in: "t", for: owner) == nil)
    try await checkpoints.put(draft("c1"), in: "t", for: owner)
    let writes = try #require(try checkpoints.checkpoint(in: "t", for: owner)).writes()
    #expect(writes.count == 4 * (6 + 1))
    #expect(Set(writes.filter { $0.index >= 0 }.map { "\($0.taskID) \($0.index)" }).count == 24)
    try await store.close()
  }

  @Test func anotherUsersThreadOfTheSameNameIsAnotherThread() async throws {
    try await checkpoints.put(draft("c1", text: "owner's"), in: "t", for: owner)
    #expect(try checkpoints.checkpoint(in: "t", for: ann) == nil)
    #expect(throws: StoreError.self) { try threads.thread("t", for: ann) }
    try await checkpoints.put(draft("c1", text: "ann's"), in: "t", for: ann)
    #expect(try checkpoints.list(CheckpointFilter(), for: ann).checkpoints.count == 1)
    #expect(try threads.list(for: ann).documents.count == 1)
    try await threads.deleteRuns(["run"], for: ann)
    try await threads.delete("t", for: ann)
    #expect(try checkpoints.checkpoint(in: "t", for: owner)?.values() == draft("c1", text: "owner's").values)
    try await store.close()
  }

  @Test func aLongRunIsListedPageByPageThoughNoIndexHasItsOrder() async throws {
    let ids = (0..<120).map { "c\(1_000 + $0)" }
    for id in ids {
      var draft = draft(id)
      draft.metadata["run_id"] = "run"
      try await checkpoints.put(draft, in: "t", for: owner)
    }
    var filter = CheckpointFilter(limit: 50)
    filter.metadata["run_id"] = "run"
    var pages: [[String]] = []
    repeat {
      let page = try checkpoints.list(filter, for: owner)
      pages.append(page.checkpoints.map(\.id))
      filter.cursor = page.next
    } while filter.cursor != nil
    #expect(pages.map(\.count) == [50, 50, 20])
    #expect(pages.flatMap(\.self) == ids.reversed())
    try await store.close()
  }

  @Test func aListOfAllThreadsIsNewestFirstAndGoesOnWhereItStopped() async throws {
    for number in 0..<9 {
      try await checkpoints.put(draft("c\(number)"), in: "t\(number % 3)", for: owner)
    }
    var filter = CheckpointFilter(limit: 4)
    var ids: [String] = []
    repeat {
      let page = try checkpoints.list(filter, for: owner)
      ids += page.checkpoints.map(\.id)
      filter.cursor = page.next
    } while filter.cursor != nil
    #expect(ids == (0..<9).reversed().map { "c\($0)" })
    filter = CheckpointFilter(limit: 0)
    #expect(try checkpoints.list(filter, for: owner).checkpoints.isEmpty)
    try await store.close()
  }

  @Test func namespacesAndThreadsLongerThanAnIndexComparesAreToldApart() async throws {
    let long = String(repeating: "child:0123456789|", count: 20)
    for end in ["a", "b"] {
      var draft = draft("c-\(end)")
      draft.namespace = long + end
      try await checkpoints.put(draft, in: long + end, for: owner)
    }
    for end in ["a", "b"] {
      let saved = try checkpoints.checkpoint(namespace: long + end, in: long + end, for: owner)
      #expect(saved?.id == "c-\(end)")
    }
    #expect(try checkpoints.checkpoint(namespace: long, in: long + "a", for: owner) == nil)
    try await store.close()
  }

  @Test func aRequestIsReadAndAnsweredAsJSON() async throws {
    let request: JSONObject = [
      "checkpoint_id": "c1", "checkpoint": ["json": ["v": 1]], "metadata": ["step": 0],
      "channel_versions": ["a": 1.5],
      "values": [["channel": "a", "version": 1.5, "value": ["type": "msgpack", "base64": "kQE="]]],
    ]
    try await checkpoints.put(CheckpointDraft(parsing: request), in: "t", for: owner)
    let writes = try WriteDraft.list([["channel": "a", "value": ["json": 7]]])
    try await checkpoints.putWrites(writes, task: "x", to: CheckpointName("c1"), in: "t", for: owner)
    let answer = try #require(try checkpoints.checkpoint(in: "t", for: owner)).json()
    var expected = request
    expected["thread_id"] = "t"
    expected["checkpoint_ns"] = ""
    expected["parent_checkpoint_id"] = .null
    expected["pending_writes"] = [
      ["task_id": "x", "task_path": "", "idx": 0, "channel": "a", "value": ["json": 7]]
    ]
    #expect(answer == .object(expected))
    for name in ["checkpoint_id", "checkpoint"] {
      var broken = request
      broken[name] = nil
      #expect(throws: StoreError.self) { try CheckpointDraft(parsing: broken) }
    }
    try await store.close()
  }

  /// 200 steps of one message of 900 bytes each: stored whole, the versions of the channel take 18 MB.
  @Test func aChannelThatGrowsTakesLittleMoreThanWhatIsAdded() async throws {
    var random = RepeatableRandom(seed: 7)
    var (messages, whole): ([UInt8], Int) = ([], 0)
    for step in 1...200 {
      messages += (0..<900).map { _ in UInt8.random(in: 0...255, using: &random) }
      whole += messages.count
      let version = JSONValue.number(JSONNumber(step))
      let draft = CheckpointDraft(
        id: "c\(step + 1_000)", parentID: step == 1 ? nil : "c\(step + 999)", checkpoint: .json(["v": 4]),
        channelVersions: ["messages": version],
        values: [
          ChannelValue(channel: "messages", version: version, value: Payload(type: "msgpack", bytes: messages))
        ])
      try await checkpoints.put(draft, in: "t", for: owner)
    }
    let report = try await store.condense()
    #expect(report.bytesAfter < whole / 12, "\(report.bytesAfter) of \(whole)")
    let first = try #require(try checkpoints.checkpoint("c1001", in: "t", for: owner)).values()[0].value
    #expect(try first.bytes() == Array(messages.prefix(900)))
    try await store.close()
    try temporary.checkGit()
  }

  @Test func aVersionHasOneValueForGood() async throws {
    try await checkpoints.put(draft("c1"), in: "t", for: owner)
    var fork = draft("c2", text: "another")
    fork.channelVersions["messages"] = "c1"
    fork.values[0].version = "c1"
    await expectRefusal(.conflict, of: store) { try await checkpoints.put(fork, in: "t", for: owner) }
    fork.values = draft("c1").values
    try await checkpoints.put(fork, in: "t", for: owner)
    #expect(try checkpoints.checkpoint("c1", in: "t", for: owner)?.values() == draft("c1").values)
    try await checkpoints.put(draft("c1", text: "another"), in: "u", for: owner)
    await expectRefusal(.conflict, of: store) { try await threads.copy("t", to: "u", for: owner) }
    try await store.close()
  }

  @Test func aNumberIsKeptAsItIsWrittenAlsoInThePlaceOfAnEqualOne() async throws {
    var draft = draft("c1")
    for text in ["1", "1.0", "10e-1"] {
      draft.checkpoint = .json(["n": try JSONText(parsing: text).root.value])
      try await checkpoints.put(draft, in: "t", for: owner)
      let saved = try #require(try checkpoints.checkpoint(in: "t", for: owner))
      #expect(try saved.checkpoint().bytes() == Array("{\"n\":\(text)}".utf8))
    }
    try await store.close()
  }

  /// Forks are saved from old checkpoints all the while these are pruned: whatever is saved has its values.
  @Test func noCheckpointLosesAValueToPruningThatGoesOnBesideIt() async throws {
    try await checkpoints.put(draft("c000"), in: "t", for: owner)
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { [checkpoints, owner, draft = draft("")] in
        var version: JSONValue = "c000"
        for number in 1...60 {
          var next = draft
          next.id = "c\(number + 100)"
          if number % 7 == 0 {
            version = .string(next.id)
            next.values = [ChannelValue(channel: "messages", version: version, value: .json([version]))]
          } else {
            next.values = []
          }
          next.channelVersions = ["messages": version]
          try await checkpoints.put(next, in: "t", for: owner)
          let saved = try checkpoints.checkpoint(next.id, in: "t", for: owner)
          let count = try saved?.values().count
          #expect(count == 1 || saved == nil, "\(next.id)")
        }
      }
      group.addTask { [threads, owner] in
        for _ in 0..<40 { try await threads.prune(["t"], .keepLast(1), for: owner) }
      }
      group.addTask { [checkpoints, owner] in
        for number in 0..<60 {
          try await checkpoints.putWrites(
            [WriteDraft(channel: "a", value: .json(1))], task: "x", to: CheckpointName("c\(number + 100)"), in: "t",
            for: owner)
        }
      }
      try await group.waitForAll()
    }
    try await threads.prune(["t"], .keepLast(1), for: owner)
    let contents = try ThreadContents(ThreadKey("t", of: owner), in: store.snapshot())
    #expect(contents.checkpoints.count == 1 && contents.values.count == 1)
    #expect(contents.writes.isEmpty, "what came for checkpoints that were pruned goes as well")
    try await store.close()
  }

  @Test func aThreadThatIsDeletedWhileItIsSavedIsWholeOrGone() async throws {
    for round in 0..<10 {
      let name = "t\(round)"
      try await withThrowingTaskGroup(of: Void.self) { group in
        for number in 0..<6 {
          group.addTask { [checkpoints, owner, draft = draft("c\(number)")] in
            try await checkpoints.put(draft, in: name, for: owner)
          }
        }
        group.addTask { [threads, owner] in try await threads.delete(name, for: owner) }
        try await group.waitForAll()
      }
      let key = try ThreadKey(name, of: owner)
      let contents = try ThreadContents(key, in: store.snapshot())
      #expect(try store.snapshot().ownThread(key) != nil || contents.everything.isEmpty)
    }
    try await store.close()
  }

  @Test func aCheckpointThatBreaksItsSchemaChangesNothing() async throws {
    var draft = draft("c1")
    draft.channelVersions["messages"] = ["no": "version"]
    await expectRefusal(.invalid, of: store) { try await checkpoints.put(draft, in: "t", for: owner) }
    try await store.close()
  }

  @Test func aThreadOfManyDocumentsIsCopiedAndDeletedInSeveralCommits() async throws {
    for number in 0..<30 { try await checkpoints.put(draft("c\(number + 100)"), in: "t", for: owner) }
    // Padding that no checkpoint names, so that the bounds of one commit are met without thousands of checkpoints.
    let large = String(repeating: "x", count: 6 << 20)
    for number in 0..<4 {
      var padded = draft("c\(number + 100)")
      padded.channelVersions["messages"] = .string("padded \(number)")
      padded.values = [
        ChannelValue(
          channel: "messages", version: .string("padded \(number)"), value: .json([.string(large + "\(number)")]))
      ]
      try await checkpoints.put(padded, in: "t", for: owner)
    }
    let before = store.snapshot().sequence
    try await threads.copy("t", to: "u", for: owner)
    #expect(store.snapshot().sequence > before + 1)
    var filter = CheckpointFilter(thread: "u")
    let first = try checkpoints.list(filter, for: owner)
    #expect(first.checkpoints.count == 29, "a page ends with the checkpoint that brings it to its bytes")
    filter.cursor = first.next
    let rest = try checkpoints.list(filter, for: owner)
    #expect(rest.checkpoints.count == 1 && rest.next == nil)
    #expect(try rest.checkpoints.last?.values().first?.value == .json([.string(large + "0")]))
    try await threads.delete("u", for: owner)
    #expect(try ThreadContents(ThreadKey("u", of: owner), in: store.snapshot()).everything.isEmpty)
    #expect(try checkpoints.list(CheckpointFilter(thread: "t"), for: owner).checkpoints.count == 29)
    try await store.close()
  }
}
