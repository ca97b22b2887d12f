import Daybook
import DaybookRuntime
import HTTPTypes

/// Tasks: work that runs on its own and reports how far it is.
enum TaskEndpoints {
  static let group = Endpoint.Group(
    name: "Tasks", description: "Work that runs on its own and reports how far it is. An end is final.")

  static let all: [Endpoint] = [create, list, cleanUp, get, start, report, complete, fail, cancel]
    .admitting(.touching([collection]))

  private static let collection = "tasks"
  private static let lease: (String, JSONValue) = (
    "lease", Form.text("The caller's lease, under which the task is from now on.", atLeast: 1, atMost: 100)
  )

  static let create = Endpoint(
    .post, "/api/v1/tasks", group, "Ask for a task", "It is pending until somebody starts it.",
    body: Endpoint.Body(
      Form.object(
        [
          ("task_type", Form.text("What is to be done.", atLeast: 1, atMost: 100)),
          ("message", Form.text("One line for people.", atMost: 2_000)), ("metadata", Form.metadata), lease,
        ], optional: ["message", "metadata", "lease"]), example: ["task_type": "digest", "metadata": ["feeds": 30]]),
    outcomes: [.created("It is pending.", below: "/api/v1/tasks"), .problem(.conflict, "The lease is over.")]
      + .creatingOwned
  ) { call in
    let task = try await call.rooms.tasks.create(
      type: call.sentText("task_type") ?? "", message: call.sentText("message"), metadata: call.sentObject("metadata"),
      under: call.sentText("lease"), for: call.caller)
    return try call.created(task, below: "/api/v1/tasks")
  }

  static let list = Endpoint(
    .get, "/api/v1/tasks", group, "List the caller's tasks, newest first",
    parameters: [
      Parameter(
        "type", in: .query, "Only those of this type.", ["type": "string", "minLength": 1, "maxLength": 100],
        example: "digest"),
      .status(TaskStatus.self), .limit, .after,
    ], outcomes: .listingOwned
  ) { call in
    try call.page(
      try call.rooms.tasks.list(
        type: call.text("type"), status: call.text("status").flatMap { TaskStatus(rawValue: $0) },
        limit: call.pageLimit, after: call.text("after"), for: call.caller))
  }

  static let get = Endpoint(
    .get, "/api/v1/tasks/{id}", group, "Read a task", parameters: [.ownID],
    outcomes: [.owned(.ok, "The task.")] + .readingOwned
  ) { call in
    try call.owned(try call.rooms.tasks.task(call.id, for: call.caller))
  }

  static let start = Endpoint(
    .post, "/api/v1/tasks/{id}/start", group, "Begin a pending task", "Of two who do, one gets it.",
    parameters: [
      .ownID,
      Parameter(
        "lease", in: .query, "The caller's lease, under which the task is from now on.", lease.1,
        example: "019aa4f0-7c00-7000-8000-3f2b6c1d9e55"), .ifMatch,
    ], outcomes: [.owned(.ok, "It is processing.")] + .changingOwned
  ) { call in
    try await call.change(in: collection) {
      try await call.rooms.tasks.start(call.id, under: call.text("lease"), if: $0, for: call.caller)
    }
  }

  static let report = Endpoint(
    .patch, "/api/v1/tasks/{id}/progress", group, "Tell how far a task is",
    "What is left out stays as it is. A pending task is processing from then on.", parameters: [.ownID, .ifMatch],
    body: Endpoint.Body(
      Form.object(
        [
          ("percent", ["type": "number", "minimum": 0, "maximum": 100]),
          ("message", Form.text("One line for people.", atMost: 2_000)),
          ("detail", ["type": "object", "description": "The steps behind the percentage."]),
          ("metadata", Form.metadata), lease,
        ], optional: ["percent", "message", "detail", "metadata", "lease"]),
      example: ["percent": 40, "message": "Reading 12 of 30 feeds", "detail": ["done": 12, "total": 30]]),
    outcomes: [.owned(.ok, "It is told.")] + .changingOwned
  ) { call in
    let progress = TaskProgress(
      percent: call.member("percent")?.number, message: call.sentText("message"), detail: call.sentObject("detail"),
      metadata: call.sentObject("metadata"))
    return try await call.change(in: collection) {
      try await call.rooms.tasks.report(
        progress, of: call.id, under: call.sentText("lease"), if: $0, for: call.caller)
    }
  }

  static let complete = Endpoint(
    .post, "/api/v1/tasks/{id}/complete", group, "Complete a task", parameters: [.ownID, .ifMatch],
    body: Endpoint.Body(
      Form.object([("result", ["description": "In a form that the type of task decides."])], optional: ["result"]),
      limit: Limits.documentBytes, example: ["result": ["items": 12]]),
    outcomes: [.owned(.ok, "It is completed.")] + .changingOwned
  ) { call in
    try await call.change(in: collection) {
      try await call.rooms.tasks.complete(
        call.id, result: call.sentValue("result") ?? .null, if: $0, for: call.caller)
    }
  }

  static let fail = Endpoint(
    .post, "/api/v1/tasks/{id}/fail", group, "Say that a task has failed", parameters: [.ownID, .ifMatch],
    body: Endpoint.Body(Form.object([("error", Form.reason)]), example: ["error": "The feed does not answer."]),
    outcomes: [.owned(.ok, "It has failed.")] + .changingOwned
  ) { call in
    try await call.change(in: collection) {
      try await call.rooms.tasks.fail(call.id, error: call.sentText("error") ?? "", if: $0, for: call.caller)
    }
  }

  static let cancel = Endpoint(
    .post, "/api/v1/tasks/{id}/cancel", group, "Cancel a task", parameters: [.ownID, .ifMatch],
    outcomes: [.owned(.ok, "It is cancelled.")] + .changingOwned
  ) { call in
    try await call.change(in: collection) { try await call.rooms.tasks.cancel(call.id, if: $0, for: call.caller) }
  }

  static let cleanUp = Endpoint(
    .post, "/api/v1/tasks/cleanup", group, "Delete tasks that were finished before a time", "Their history stays.",
    body: Endpoint.Body(
      Form.object([("finished_before", ["type": "string", "format": "date-time"])]),
      example: ["finished_before": "2026-11-01T00:00:00Z"]),
    outcomes: [
      Endpoint.Outcome(
        .ok, "They are deleted.",
        json: Form.object([("deleted", ["type": "integer", "minimum": 0, "description": "How many."])])),
      .problem(.unprocessableContent, "The time is none that the store knows."),
    ]
  ) { call in
    guard let time = call.sentText("finished_before").flatMap({ Timestamp(parsing: $0) }) else {
      throw Problem(.unprocessableContent, code: .usage, "finished_before is no time that the store knows.")
    }
    let count = try await call.rooms.tasks.cleanUp(finishedBefore: time, for: call.caller)
    return .json(["deleted": .number(JSONNumber(count))])
  }
}
