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
    "Its thread, the latest checkpoint of each namespace with all that belongs to it, open interrupts, and todos.",
    parameters: [InboxForms.session], outcomes: answered
  ) { call in
    .json(try call.rooms.agents.state(of: call["session_id"], for: call.caller).json(in: call.store.snapshot()))
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
      Parameter("checkpoint_ns", in: .query, "Its namespace; the empty one when left out.", ThreadForms.namespace),
    ], outcomes: answered + InboxForms.racing
  ) { call in
    let checkpoint = call.text("checkpoint_id").map { CheckpointName($0, in: call.text("checkpoint_ns") ?? "") }
    let state = try await call.rooms.agents.restore(call["thread_id"], to: checkpoint, for: call.caller)
    return .json(try state.json(in: call.store.snapshot()))
  }
}
