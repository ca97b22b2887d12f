import Daybook
import TestSupport
import Testing

@testable import DaybookServer

struct CheckpointEndpointTests {
  /// Writes before their checkpoint, a restart, then everything in one answer.
  @Test func aRoundOfASaverOutlivesTheService() async throws {
    let service = try await TestService()
    try await Saver(service).putWrites(["b0"], task: "b", path: "~1", to: "c1", in: "t")
    try await Saver(service).putWrites(["a0", "a1"], task: "a", path: "~2", to: "c1", in: "t")
    let early = try await Saver(service).checkpoint("c1", in: "t")
    #expect(early == .null)
    try await Saver(service).put("c1", in: "t", values: ["messages": "hello"])
    try await service.stop()

    let second = try await TestService(over: service.temporary)
    try await Saver(second).putWrites(["a0 again"], task: "a", path: "~2", to: "c1", in: "t")
    try await Saver(second).putWrites(["oops"], channel: "__error__", task: "a", path: "~2", to: "c1", in: "t")
    let checkpoint = try await Saver(second).checkpoint(in: "t")
    let writes = checkpoint["pending_writes"]?.array ?? []
    #expect(writes.map { $0["value"]?["text"]?.string } == ["b0", "oops", "a0", "a1"])
    #expect(writes.map { $0["idx"]?.integer } == [0, -1, 0, 1])
    #expect(checkpoint["values"]?.array?.first?["value"] == ["type": "bytes", "text": "hello"])
    #expect(checkpoint["parent_checkpoint_id"] == .null)
    try await second.stop()
  }

  @Test func bytesComeBackAsTheyWereGiven() async throws {
    try await TestService.with { service in
      let payloads: [JSONValue] = [
        ["type": "msgpack", "base64": "gaVzdGF0ZQE="], ["type": "empty", "base64": ""],
        ["type": "json", "text": "{\"a\":  1.0,\r\n \"b\": 1e400}"], ["json": ["a": [1, "two", .null]]],
        ["type": "msgpack+aes", "base64": "/+8AAQ=="],
      ]
      for (number, payload) in payloads.enumerated() {
        let reply = try await service.send(
          "PUT", "/api/v1/checkpoints",
          [
            "thread_id": "t", "checkpoint_id": .string("c\(number)"), "checkpoint": payload,
            "channel_versions": ["x": .number(JSONNumber(number))],
            "values": [["channel": "x", "version": .number(JSONNumber(number)), "value": payload]],
          ])
        #expect(reply.status == 200, "\(reply.text)")
        let checkpoint = try await Saver(service).checkpoint(in: "t")
        #expect(checkpoint["checkpoint"] == payload)
        #expect(checkpoint["values"]?.array?.first?["value"] == payload)
      }
      let broken = try await service.send(
        "PUT", "/api/v1/checkpoints",
        ["thread_id": "t", "checkpoint_id": "c9", "checkpoint": ["type": "msgpack", "base64": "gaV"]])
      #expect(broken.status == 422)
      let mixed = try await service.send(
        "PUT", "/api/v1/checkpoints",
        ["thread_id": "t", "checkpoint_id": "c9", "checkpoint": ["type": "msgpack", "json": 1]])
      #expect(mixed.status == 422)
      let latest = try await Saver(service).checkpoint(in: "t")
      #expect(latest["checkpoint_id"] == "c4")
    }
  }

  @Test func bytesTravelBesideJSONForWhoWantsThat() async throws {
    try await TestService.with { service in
      let bytes: [[UInt8]] = [
        [0x81, 0xA1, 0x61, 0x00], [], Array("text\n".utf8), [UInt8](repeating: 0xFF, count: 70_000),
      ]
      func value(_ part: Int) -> JSONValue { ["type": "msgpack", "part": .number(JSONNumber(part))] }
      let versions = JSONObject((0..<4).map { (key: "x\($0)", value: 1 as JSONValue) })
      let envelope: JSONValue = [
        "thread_id": "t", "checkpoint_id": "c1", "checkpoint": value(1), "channel_versions": .object(versions),
        "values": .array(
          (0..<4).map { ["channel": .string("x\($0)"), "version": 1, "value": value($0 + 1)] }),
      ]
      let framed = ["content-type": MediaTypes.frames, "accept": MediaTypes.frames]
      let put = try await service.send(
        "PUT", "/api/v1/checkpoints", bytes: Frames.encode(envelope.compactBytes, bytes), headers: framed)
      #expect(put.status == 200, "\(put.text)")
      let writes: JSONValue = [
        "thread_id": "t", "checkpoint_id": "c1", "task_id": "a",
        "writes": [["channel": "x0", "value": value(1)], ["channel": "x0", "value": ["json": 1]]],
      ]
      let written = try await service.send(
        "POST", "/api/v1/checkpoints/writes", bytes: Frames.encode(writes.compactBytes, [[0x00]]), headers: framed)
      #expect(written.status == 204, "\(written.text)")

      let reply = try await service.send("GET", "/api/v1/checkpoints?thread_id=t", headers: framed)
      #expect(reply["content-type"] == MediaTypes.frames)
      let (json, parts) = try #require(Frames.decode(reply.bytes))
      let checkpoint = try JSONText(parsing: json).root.value
      func part(_ payload: JSONValue?) -> [UInt8]? { payload?["part"]?.integer.map { parts[$0 - 1] } }
      #expect(part(checkpoint["checkpoint"]) == bytes[0])
      #expect(checkpoint["values"]?.array?.map { part($0["value"]) } == bytes)
      #expect(part(checkpoint["pending_writes"]?.array?[0]["value"]) == [0x00])
      #expect(checkpoint["pending_writes"]?.array?[1]["value"] == ["json": 1])
      // The readable form says the same.
      let readable = try await Saver(service).checkpoint(in: "t")
      #expect(readable["values"]?.array?[2]["value"] == ["type": "msgpack", "text": "text\n"])
      #expect(readable["checkpoint"] == ["type": "msgpack", "base64": "gaFhAA=="])
    }
  }

  @Test(
    arguments: [
      [], [0, 0], [0, 0, 0, 9, 0x7B, 0x7D], [0, 0, 0, 2, 0x7B], [0, 0, 0, 2, 0x7B, 0x7D, 0], [0xFF, 0xFF, 0xFF, 0xFF],
    ] as [[UInt8]])
  func brokenFramesAreRefused(bytes: [UInt8]) async throws {
    try await TestService.with { service in
      let reply = try await service.send(
        "PUT", "/api/v1/checkpoints", bytes: bytes, headers: ["content-type": MediaTypes.frames])
      #expect(reply.status == 400, "\(reply.text)")
      let lacking: JSONValue = ["thread_id": "t", "checkpoint_id": "c", "checkpoint": ["type": "b", "part": 2]]
      let partless = try await service.send(
        "PUT", "/api/v1/checkpoints", bytes: Frames.encode(lacking.compactBytes, [[1]]),
        headers: ["content-type": MediaTypes.frames])
      #expect(partless.status == 422)
      let inJSON = try await service.send("PUT", "/api/v1/checkpoints", lacking)
      #expect(inJSON.status == 422)
    }
  }

  @Test func puttingTheSameAgainChangesNothing() async throws {
    try await TestService.with { service in
      let first = try await Saver(service).put("c1", in: "t", values: ["messages": "hello"])
      let second = try await Saver(service).put("c1", in: "t", values: ["messages": "hello"])
      #expect(first["changed"] == true)
      #expect(second["changed"] == false)
      #expect(second["sequence"] == first["sequence"])
    }
  }

  @Test func threadsAndNamespacesBearAnyName() async throws {
    try await TestService.with { service in
      let names = ["", "a:b|c", "a/b", "..", "ä?&=#%", "{\"x\": 1}"]
      for (number, name) in names.enumerated() {
        try await Saver(service).put("c\(number)", in: name, namespace: name)
      }
      for (number, name) in names.enumerated() {
        let checkpoint = try await Saver(service).checkpoint(in: name, namespace: name)
        #expect(checkpoint["checkpoint_id"]?.string == "c\(number)")
        #expect(checkpoint["thread_id"]?.string == name)
        let found = try await Saver(service).search(["thread_id": .string(name)])
        #expect(found == ["c\(number)"])
      }
    }
  }

  @Test func aSearchAsksForThreadNamespaceMetadataAndWhatIsOlder() async throws {
    try await TestService.with { service in
      for number in 1...4 {
        try await Saver(service).put(
          "c\(number)", in: "t", parent: number > 1 ? "c\(number - 1)" : nil,
          metadata: ["source": number == 1 ? "input" : "loop", "step": .number(JSONNumber(number))])
      }
      try await Saver(service).put("c5", in: "t", namespace: "child:1")
      try await Saver(service).put("c6", in: "other", metadata: ["source": "loop"])
      let searches: [(JSONValue, [String])] = [
        ([:], ["c6", "c5", "c4", "c3", "c2", "c1"]), (["thread_id": "t"], ["c5", "c4", "c3", "c2", "c1"]),
        (["thread_id": "t", "checkpoint_ns": ""], ["c4", "c3", "c2", "c1"]),
        (["thread_id": "t", "before": "c3"], ["c2", "c1"]), (["checkpoint_id": "c2"], ["c2"]),
        (["metadata": ["source": "loop"]], ["c6", "c4", "c3", "c2"]),
        (["metadata": ["source": "loop", "step": 3]], ["c3"]), (["thread_id": "t", "limit": 2], ["c5", "c4"]),
        (["thread_id": "nobody"], []),
      ]
      for (filter, expected) in searches {
        let found = try await Saver(service).search(filter)
        #expect(found == expected, "\(filter.compactText)")
      }
      let page = try await service.send("POST", "/api/v1/checkpoints/search", ["limit": 4])
      let next = try #require(page.json["next"])
      let rest = try await Saver(service).search(["limit": 4, "after": next])
      #expect(rest == ["c2", "c1"])
    }
  }

  @Test func aChannelIsFollowedBackToItsLastWholeValue() async throws {
    try await TestService.with { service in
      try await Saver(service).put("c1", in: "t", values: ["log": "seed"])
      try await Saver(service).putWrites(["1", "2"], channel: "log", task: "a", to: "c1", in: "t")
      try await Saver(service).put("c2", in: "t", parent: "c1")
      try await Saver(service).putWrites(["3"], channel: "log", task: "b", to: "c2", in: "t")
      try await Saver(service).put("c3", in: "t", parent: "c2")
      let reply = try await service.send(
        "POST", "/api/v1/checkpoints/history", ["thread_id": "t", "channels": ["log", "unknown"]])
      let channels = reply.json["channels"]?.array ?? []
      #expect(channels.map { $0["channel"] } == ["log", "unknown"])
      #expect(channels[0]["seed"] == ["type": "bytes", "text": "seed"])
      #expect(channels[0]["writes"]?.array?.map { $0["value"]?["text"]?.string } == ["1", "2", "3"])
      #expect(channels[1]["seed"] == .null)
    }
  }

  @Test func threadsArePrunedAndRunsDeleted() async throws {
    try await TestService.with { service in
      for number in 1...5 {
        try await Saver(service).put(
          "c\(number)", in: "t", metadata: ["run_id": number < 4 ? "one" : "two"], values: ["x": "\(number)"])
      }
      try await Saver(service).put("c1", in: "other", metadata: ["run_id": "two"])
      let keeping = try await service.send(
        "POST", "/api/v1/checkpoints/prune", ["thread_ids": ["t", "nobody"], "strategy": "keep_last", "keep": 3])
      #expect(keeping.status == 200, "\(keeping.text)")
      let kept = try await Saver(service).search(["thread_id": "t"])
      #expect(kept == ["c5", "c4", "c3"])

      let runs = try await service.send("POST", "/api/v1/checkpoints/delete-runs", ["run_ids": ["one"]])
      #expect(runs.status == 200, "\(runs.text)")
      let left = try await Saver(service).search([:])
      #expect(left.sorted() == ["c1", "c4", "c5"])

      _ = try await service.send("POST", "/api/v1/checkpoints/prune", ["thread_ids": ["t"]])
      let latest = try await Saver(service).search(["thread_id": "t"])
      #expect(latest == ["c5"])
      _ = try await service.send("POST", "/api/v1/checkpoints/prune", ["thread_ids": ["t"], "strategy": "delete"])
      let thread = try await service.send("GET", "/api/v1/threads/t")
      #expect(thread.status == 404)
      let other = try await Saver(service).search([:])
      #expect(other == ["c1"])
    }
  }
}
