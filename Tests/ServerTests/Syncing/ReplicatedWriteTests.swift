import Daybook
import Foundation
import Storage
import TestSupport
import Testing

@testable import DaybookServer

/// Two services that share a hub, asked over HTTP.
@Suite(.timeLimit(.minutes(20))) struct ReplicatedWriteTests {
  /// Services over clones of one store; their hub is a folder. The body is given them and their replicators' stop.
  private func withNodes(_ body: ([TestService]) async throws -> Void) async throws {
    let first = try TemporaryStore(withTemplate: true)
    let hub = "\(first.folder)/hub.git"
    _ = try Command.run("/usr/bin/git", ["init", "-q", "--bare", "-b", "main", hub])
    try first.git("remote", "add", "origin", hub)
    try first.git("push", "-q", "origin", "main")
    let nodes = [try await TestService(over: first), try await TestService(over: first.copy())]
    let stop = StopSignal()
    let connector = RemoteConnector(InProcessTransport(), trust: RemoteTrust())
    let threads = nodes.map { node in
      let replicator = Replicator(node.store, by: connector)
      return WorkerThread { replicator.run(until: stop) }
    }
    let result: Result<Void, any Error>
    do { result = .success(try await body(nodes)) } catch { result = .failure(error) }
    stop.give()
    for thread in threads { thread.join() }
    for node in nodes { try await node.stop() }
    try result.get()
  }

  /// A new task on one node, with its commit.
  private func makeTask(on node: TestService) async throws -> (path: String, commit: String) {
    let made = try await node.call(
      "POST", "/v1/collections/tasks?durability=replicated", ["task_type": "probe", "status": "pending"], gives: 201)
    return ("/v1/documents/\(try #require(made["document"]?.string))", try #require(made["commit"]?.string))
  }

  @Test func whatOneNodeHasWrittenTheOtherReadsOnceItIsAskedForThatCommit() async throws {
    try await withNodes { nodes in
      let (path, commit) = try await makeTask(on: nodes[0])
      try await nodes[1].call("GET", path, gives: 404)
      let read = try await nodes[1].call("GET", "\(path)?at-least=\(commit)")
      #expect(read["task_type"]?.string == "probe")
    }
  }

  @Test func aPreconditionThatAnotherNodeHasBrokenIsAConflict() async throws {
    try await withNodes { nodes in
      let (path, commit) = try await makeTask(on: nodes[0])
      let old = try await nodes[1].send("GET", "\(path)?at-least=\(commit)")
      let tag = try #require(old["ETag"])
      try await nodes[0].call("PATCH", "\(path)?durability=replicated", ["progress": 10])
      let late = try await nodes[1].call(
        "PATCH", "\(path)?durability=replicated", ["progress": 20], headers: ["If-Match": tag], gives: 409)
      #expect(late["detail"]?.string?.contains("it was taken back") == true, "\(late)")
      let now = try await nodes[1].call("GET", path)
      #expect(now["progress"]?.integer == 10)
    }
  }

  @Test func aRequestThatFailedForTheHubIsFinishedWhenItIsSentAgain() async throws {
    try await withNodes { nodes in
      let (path, _) = try await makeTask(on: nodes[0])
      let hub = "\(nodes[0].temporary.folder)/hub.git"
      let headers = ["Idempotency-Key": "k1"]
      try FileManager.default.moveItem(atPath: hub, toPath: hub + ".away")
      try await nodes[0].call("PATCH", "\(path)?durability=replicated", ["progress": 30], headers: headers, gives: 502)
      try FileManager.default.moveItem(atPath: hub + ".away", toPath: hub)
      let count = nodes[0].store.snapshot().sequence
      let done = try await nodes[0].call("PATCH", "\(path)?durability=replicated", ["progress": 30], headers: headers)
      #expect(nodes[0].store.snapshot().sequence == count, "it is not done twice")
      let commit = try #require(done["commit"]?.string)
      _ = try Command.run("/usr/bin/git", ["-C", hub, "merge-base", "--is-ancestor", commit, "main"])
    }
  }

  @Test func aRequestThatWasTakenBackIsNotTakenForDone() async throws {
    try await withNodes { nodes in
      let (path, commit) = try await makeTask(on: nodes[0])
      let tag = try #require(try await nodes[1].send("GET", "\(path)?at-least=\(commit)")["ETag"])
      try await nodes[0].call("PATCH", "\(path)?durability=replicated", ["progress": 10])
      let headers = ["If-Match": tag, "Idempotency-Key": "k2"]
      try await nodes[1].call("PATCH", "\(path)?durability=replicated", ["progress": 20], headers: headers, gives: 409)
      try await nodes[1].call("PATCH", "\(path)?durability=replicated", ["progress": 20], headers: headers, gives: 412)
    }
  }

  @Test func aReadThatAsksForWhatNeverComesIsAnsweredAfterAWhile() async throws {
    try await TestService.with { service in
      let sequence = service.store.snapshot().sequence
      try await service.call("GET", "/v1/status?at-least=\(sequence)")
      let reply = try await service.send("GET", "/v1/status?at-least=\(sequence + 1_000_000)")
      #expect(reply.status == 503)
      #expect(reply["Retry-After"] != nil)
      try await service.call("GET", "/v1/status?at-least=soon", gives: 400)
    }
  }

  @Test func withoutAHubSuchAWriteIsRefused() async throws {
    try await TestService.with { service in
      let body: JSONValue = ["task_type": "probe", "status": "pending"]
      let problem = try await service.call("POST", "/v1/collections/tasks?durability=replicated", body, gives: 422)
      #expect(problem["detail"]?.string?.contains("nothing was written") == true, "\(problem)")
      #expect(try await service.call("GET", "/v1/collections/tasks").ids.isEmpty)
    }
  }
}
