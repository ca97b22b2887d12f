import Daybook
import DaybookRuntime
import HTTPTypes

/// A session of an agent as a whole: its thread, where it is, and what it waits for.
enum AgentSessionEndpoints {
  static let all: [Endpoint] = [
    state.admitting(.touching(ThreadCollections.all)),
    restore.admitting(
      .touching([ThreadCollections.threads], reading: [ThreadCollections.checkpoints] + ThreadCollections.inbox)),
  ]

  private static let answered: [Endpoint.Outcome] = [
    Endpoint.Outcome(
      .ok, "All of one moment.",
      json: Form.object([
        ("thread", Form.owned), ("checkpoints", Form.list(ThreadForms.checkpoint)),
        ("interrupts", Form.list(Form.owned)), ("todos", Form.list(Form.owned)), ("sequence", Form.sequence),
      ])),
    .problem(.notFound, "The caller has no such session, or it no such checkpoint."),
    .problem(.unprocessableContent, "A name is too long."),
  ]

  static let state = Endpoint(
    .get, "/agent/sessions/{session_id}/state", ThreadEndpoints.group, "Read a session",
    "Its thread, its latest checkpoint with all that belongs to it, open interrupts, and todos.",
    parameters: [InboxForms.session, namespaces], outcomes: answered
  ) { call in
    let state = try call.rooms.agents.state(of: call["session_id"], namespaces: named(call), for: call.caller)
    return .json(try state.json(in: call.store.snapshot()))
  }

  private static let namespaces = Parameter(
    "checkpoint_ns", in: .query,
    "A namespace of which the latest checkpoint is wanted, in place of the empty one. There may be several.",
    ThreadForms.namespace, isRepeatable: true)

  private static func named(_ call: Call) -> [String] {
    let names = call.texts("checkpoint_ns")
    return names.isEmpty ? [""] : names
  }

  static let restore = Endpoint(
    .post, "/agent/sessions/{thread_id}/restore", ThreadEndpoints.group, "Take a session up again",
    """
    After its agent was gone: it runs again, unless an interrupt waits, and the answer has all that it takes to go \
    on, from the latest checkpoints or from an older one.
    """,
    parameters: [
      Parameter("thread_id", in: .path, "The thread.", ThreadForms.threadID, example: "thread-1"),
      Parameter("checkpoint_id", in: .query, "An older checkpoint to go on from.", ThreadForms.checkpointID),
      Parameter(
        "checkpoint_ns", in: .query,
        "A namespace, the empty one when left out. That of the older checkpoint is the first.",
        ThreadForms.namespace, isRepeatable: true),
    ], outcomes: answered + InboxForms.racing
  ) { call in
    let namespaces = named(call)
    let checkpoint = call.text("checkpoint_id").map { CheckpointName($0, in: namespaces[0]) }
    let state = try await call.rooms.agents.restore(
      call["thread_id"], to: checkpoint, namespaces: namespaces, for: call.caller)
    return .json(try state.json(in: call.store.snapshot()))
  }
}
