import Daybook
import TestSupport
import Testing

@testable import DaybookServer

struct TaskEndpointTests {
  private let path = "/api/v1/tasks"

  @Test func aTaskIsAskedForFollowedAndCompleted() async throws {
    try await TestService.with { service in
      let created = try await service.send("POST", path, ["task_type": "digest", "metadata": ["feeds": 30]])
      #expect(created.status == 201, "\(created.text)")
      let id = try #require(created.json["id"]?.string)
      #expect(created["location"] == "\(path)/\(id)")
      #expect(created.json["value"]?["status"] == "pending")

      let started = try await service.call("POST", "\(path)/\(id)/start")
      #expect(started["value"]?["status"] == "processing")
      try await service.call("POST", "\(path)/\(id)/start", gives: 409)

      let progress: JSONValue = ["percent": 40, "message": "Reading", "detail": ["done": 12], "metadata": ["a": 1]]
      let told = try await service.call("PATCH", "\(path)/\(id)/progress", progress)
      #expect(told["value"]?["progress"] == 40)
      #expect(told["value"]?["progress_detail"] == ["done": 12])
      try await service.call("PATCH", "\(path)/\(id)/progress", ["percent": 101], gives: 422)

      let completed = try await service.call("POST", "\(path)/\(id)/complete", ["result": ["items": 12]])
      #expect(completed["value"]?["result"] == ["items": 12])
      let read = try await service.call("GET", "\(path)/\(id)")
      #expect(read["value"]?["status"] == "completed")
      let late = try await service.call("POST", "\(path)/\(id)/cancel", gives: 409)
      #expect(late["detail"]?.string?.contains("completed by owner") == true)
    }
  }

  @Test func aTaskFailsOrIsCancelledAndListsTellThemApart() async throws {
    try await TestService.with { service in
      let failed = try await service.make(path, ["task_type": "digest"])
      let cancelled = try await service.make(path, ["task_type": "fetch-feed"])
      let open = try await service.make(path, ["task_type": "digest"])
      try await service.call("POST", "\(path)/\(failed)/fail", ["error": "The feed does not answer."])
      try await service.call("POST", "\(path)/\(cancelled)/cancel")

      #expect(try await service.call("GET", path).ids == [open, cancelled, failed])
      #expect(try await service.call("GET", "\(path)?status=failed").ids == [failed])
      #expect(try await service.call("GET", "\(path)?type=digest&status=pending").ids == [open])
      let first = try await service.call("GET", "\(path)?limit=2")
      let cursor = try #require(first["next"]?.string)
      #expect(try await service.call("GET", "\(path)?limit=2&after=\(cursor)").ids == [failed])

      let cleaned = try await service.call("POST", "\(path)/cleanup", ["finished_before": "2100-01-01T00:00:00Z"])
      #expect(cleaned["deleted"] == 2)
      #expect(try await service.call("GET", path).ids == [open])
      try await service.call("POST", "\(path)/cleanup", ["finished_before": "soon"], gives: 422)
    }
  }

  @Test func aChangeIsMadeOnlyAtTheRevisionThatWasSeen() async throws {
    try await TestService.with { service in
      let id = try await service.make(path, ["task_type": "digest"])
      let tag = try #require(try await service.send("GET", "\(path)/\(id)")["etag"])
      try await service.call("POST", "\(path)/\(id)/start", headers: ["if-match": tag])
      try await service.call("POST", "\(path)/\(id)/cancel", headers: ["if-match": tag], gives: 412)
      // The revision is right, and the status forbids it.
      let now = try #require(try await service.send("GET", "\(path)/\(id)")["etag"])
      try await service.call("POST", "\(path)/\(id)/start", headers: ["if-match": now], gives: 409)
    }
  }

  @Test func whatARestartInterruptsHasFailed() async throws {
    let service = try await TestService()
    let id = try await service.make(path, ["task_type": "digest"])
    try await service.call("POST", "\(path)/\(id)/start")
    let done = try await service.make(path, ["task_type": "digest"])
    try await service.call("POST", "\(path)/\(done)/complete", [:])
    try await service.stop()
    let second = try await TestService(over: service.temporary)
    let task = try await second.call("GET", "\(path)/\(id)")
    #expect(task["value"]?["status"] == "failed")
    #expect(task["value"]?["error"] == "interrupted by a restart")
    #expect(try await second.call("GET", "\(path)/\(done)")["value"]?["status"] == "completed")
    try await second.stop()
  }

  @Test func somebodyElsesTaskIsNotThere() async throws {
    try await TestService.with { service in
      let foreign = try await service.makeForeign("tasks", ["task_type": "digest", "status": "pending"])
      try await service.call("GET", "\(path)/\(foreign)", gives: 404)
      try await service.call("POST", "\(path)/\(foreign)/start", gives: 404)
      #expect(try await service.call("GET", path).ids == [])
    }
  }

  @Test func theTasksOfAnApplicationOutliveTheServiceAndEndWithTheApplication() async throws {
    let service = try await TestService()
    let lease = try await service.call("POST", "/api/v1/leases", ["holder": "worker"], gives: 201)
    let id = try await service.make("/api/v1/tasks", ["task_type": "digest", "lease": lease["id"] ?? .null])
    let started = try await service.make("/api/v1/tasks", ["task_type": "digest"])
    try await service.call("POST", "/api/v1/tasks/\(started)/start?lease=\(lease["id"]?.string ?? "")")
    let services = try await service.make("/api/v1/tasks", ["task_type": "digest"])
    try await service.stop()

    let second = try await TestService(over: service.temporary)
    try await second.call("PUT", "/api/v1/leases/\(lease["id"]?.string ?? "")")
    let interrupted = try await second.call("GET", "/api/v1/tasks/\(services)")
    #expect(interrupted["value"]?["error"] == "interrupted by a restart")
    try await second.call(
      "PATCH", "/api/v1/tasks/\(id)/progress", ["percent": 50, "lease": lease["id"] ?? .null])
    try await second.call("POST", "/api/v1/tasks/\(started)/complete", ["result": 1])
    // It was killed, and begins again under its name.
    try await second.call("POST", "/api/v1/leases", ["holder": "worker"], gives: 201)
    let lost = try await second.call("GET", "/api/v1/tasks/\(id)")
    #expect(lost["value"]?["status"] == "failed" && lost["value"]?["error"] == "interrupted by a restart")
    try await second.call("PUT", "/api/v1/leases/\(lease["id"]?.string ?? "")", gives: 404)
    try await second.call(
      "POST", "/api/v1/tasks", ["task_type": "digest", "lease": lease["id"] ?? .null], gives: 409)
    try await second.call("DELETE", "/api/v1/leases/\(lease["id"]?.string ?? "")", gives: 204)
    try await second.stop()
  }
}
