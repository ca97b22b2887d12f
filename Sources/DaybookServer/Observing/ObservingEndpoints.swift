import Daybook
import DaybookRuntime
import HTTPTypes

/// How the service and its store are doing.
enum ObservingEndpoints {
  static let group = Endpoint.Group(name: "Service", description: "How the service and its store are doing.")

  static let all: [Endpoint] =
    [status, statistics, metrics].admitting(.callers) + [alive, ready].admitting(.anybody)

  static let status = Endpoint(
    .get, "/v1/status", group, "Show how the store is doing",
    "What it holds, what waits for the archive, files whose edit cannot be taken in, and figures that are above a threshold.",
    outcomes: [
      Endpoint.Outcome(
        .ok, "The status.",
        json: ["type": "object", "required": ["id", "sequence", "documents", "deferred", "warnings"]])
    ]
  ) { call in
    try call.caller.checkObserves()
    let status = try await call.rooms.status.status()
    var object = status.json
    // Where the store is on the disk is nobody's business.
    object["store"] = nil
    object["event_readers"] = .number(JSONNumber(call.rooms.metrics.eventReaders.count))
    object["deferred"] = call.rooms.deferred.counts.json
    object["warnings"] = .array(
      call.rooms.growth.warnings(of: status).map { ["figure": .string($0.figure), "message": .string($0.message)] })
    return .json(object)
  }

  static let statistics = Endpoint(
    .get, "/v1/statistics", group, "Show how much the store holds, and how it grows",
    outcomes: [
      Endpoint.Outcome(.ok, "The statistics.", json: ["type": "object", "required": ["documents", "commits"]])
    ]
  ) { call in
    try call.caller.checkObserves()
    return .json(try await call.store.statistics().json)
  }

  static let metrics = Endpoint(
    .get, "/metrics", group, "Figures for Prometheus",
    outcomes: [Endpoint.Outcome(.ok, "The figures.", content: (MediaTypes.metrics, ["type": "string"]))]
  ) { call in
    try call.caller.checkObserves()
    let status = try await call.rooms.status.status()
    return .bytes(Array(MetricsPage(call.rooms, status).text.utf8), mediaType: MediaTypes.metrics)
  }

  static let alive = Endpoint(
    .get, "/healthz", group, "Whether the service answers",
    outcomes: [Endpoint.Outcome(.ok, "It does.", json: Form.object([("status", ["const": "ok"])]))]
  ) { _ in .json(["status": "ok"]) }

  static let ready = Endpoint(
    .get, "/readyz", group, "Whether the store takes writes",
    outcomes: [
      Endpoint.Outcome(
        .ok, "It does.", json: Form.object([("status", ["const": "ready"]), ("sequence", Form.sequence)])),
      .problem(.serviceUnavailable, "It does not, and says why."),
    ]
  ) { call in
    if let failure = call.store.failure { throw failure }
    return .json(["status": "ready", "sequence": .number(JSONNumber(call.store.snapshot().sequence))])
  }
}
