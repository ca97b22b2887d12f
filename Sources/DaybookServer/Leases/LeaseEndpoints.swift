import Daybook
import DaybookRuntime
import HTTPTypes

/// Leases of applications: by them the service knows whose work goes on, and fails the tasks of those that are gone.
enum LeaseEndpoints {
  static let group = Endpoint.Group(
    name: "Leases",
    description: """
      An application that works on tasks takes a lease, names it with them, and renews it while it runs. The open tasks \
      of a lease that is over have failed, "interrupted by a restart".
      """)

  static let all: [Endpoint] = [begin, renew, end].admitting(.touching(["tasks"]))

  private static let form = Form.object([
    ("id", ["type": "string"]), ("holder", ["type": "string"]),
    ("began_at", ["type": "string", "format": "date-time"]),
    ("expires_at", ["type": "string", "format": "date-time", "description": "Renew it well before."]),
  ])
  private static let missing = Endpoint.Outcome.problem(.notFound, "The caller has no such lease, or it is over.")

  static let begin = Endpoint(
    .post, "/api/v1/leases", group, "Take a lease",
    "One that the application had before, by the name that it gives, is over by that, and so is its work.",
    body: Endpoint.Body(
      Form.object([("holder", Form.text("What the application calls itself.", atLeast: 1, atMost: 512))]),
      example: ["holder": "worker-1"]),
    outcomes: [Endpoint.Outcome(.created, "It is good for a quarter of an hour.", json: form)] + .creatingOwned
  ) { call in
    let lease = try await call.rooms.leases.leases.begin(holder: call.sentText("holder") ?? "", for: call.caller)
    await call.rooms.leases.failInterrupted()
    return Answer.json(lease.json, .created).with(.location, "/api/v1/leases/\(lease.id)")
  }

  static let renew = Endpoint(
    .put, "/api/v1/leases/{id}", group, "Renew a lease", "It is good for a quarter of an hour from now on.",
    parameters: [.ownID], outcomes: [Endpoint.Outcome(.ok, "It is renewed.", json: form), missing]
  ) { call in
    .json(try await call.rooms.leases.leases.renew(call.id, for: call.caller).json)
  }

  static let end = Endpoint(
    .delete, "/api/v1/leases/{id}", group, "End a lease",
    "What is not finished under it has failed. One that is over is ended already.",
    parameters: [.ownID], outcomes: [Endpoint.Outcome(.noContent, "It is over.")]
  ) { call in
    try await call.rooms.leases.leases.end(call.id, for: call.caller)
    await call.rooms.leases.failInterrupted()
    return Answer(.noContent)
  }
}
