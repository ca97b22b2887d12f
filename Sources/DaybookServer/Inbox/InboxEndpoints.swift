import Daybook
import DaybookRuntime
import HTTPTypes

/// What agents ask people: interrupts, at which they wait, and todos, beside which they go on. Both come as events,
/// `interrupt` and `todo`.
enum InboxEndpoints {
  static let group = Endpoint.Group(
    name: "Inbox", description: "What agents ask people, and what was decided: interrupts and todos.")

  static let all: [Endpoint] =
    [interrupts, interrupt].admitting(.touching(["inbox/interrupts"]))
    + [raise, answer, withdraw].admitting(.touching(["inbox/interrupts", ThreadCollections.threads]))
    + [todos, todo].admitting(.touching(["inbox/todos"]))
    + [addTodos, complete, cancel].admitting(.touching(["inbox/todos", ThreadCollections.threads]))

  // MARK: Interrupts

  static let interrupts = Endpoint(
    .get, "/agent/interrupts", group, "List interrupts",
    "The caller's own, newest first; the open ones if not said else.",
    parameters: [
      InboxForms.status(["open", "answered", "withdrawn"], default: "open"),
      Parameter("thread_id", in: .query, "Only those of this thread.", ThreadForms.threadID), .limit, .after,
    ], outcomes: InboxForms.listing
  ) { call in
    try InboxForms.page(
      call.rooms.agents.interrupts.list(
        status: call.text("status") ?? "open", thread: call.text("thread_id"), limit: call.pageLimit,
        after: call.text("after"), for: call.caller), call)
  }

  static let interrupt = Endpoint(
    .get, "/agent/interrupts/{id}", group, "Read an interrupt", parameters: [.ownID],
    outcomes: [.owned(.ok, "The interrupt.")] + .readingOwned
  ) { call in
    try call.owned(call.rooms.agents.interrupts.interrupt(call.id, for: call.caller))
  }

  static let raise = Endpoint(
    .post, "/agent/sessions/{session_id}/interrupts", group, "Raise interrupts",
    """
    All in one commit; the thread is interrupted until the last one is answered. One of the same id takes the place \
    of that which was raised before. `value` is what is asked: the forms of LangGraph's agent inbox and of \
    LangChain's middleware say which decisions they allow, and anything else may come with the JSON Schema of an \
    answer.
    """,
    parameters: [InboxForms.session],
    body: Endpoint.Body(
      Form.object([("interrupts", InboxForms.drafts(InboxForms.interruptDraft))]), limit: Limits.documentBytes,
      example: [
        "interrupts": [
          [
            "id": "8f2c3f2b6c1d9e55",
            "value": [
              "action_requests": [["name": "send_mail", "args": ["to": "ann@example.org"]]],
              "review_configs": [["action_name": "send_mail", "allowed_decisions": ["approve", "reject"]]],
            ],
          ]
        ]
      ]),
    outcomes: [InboxForms.waiting] + .creatingOwned
      + InboxForms.racing
  ) { call in
    var drafts: [InterruptDraft] = []
    for item in call.sentItems("interrupts") { drafts.append(try InterruptDraft(parsing: item.object ?? [:])) }
    let raised = try await call.rooms.agents.interrupts.raise(drafts, in: call["session_id"], for: call.caller)
    return try InboxForms.created(raised, call)
  }

  static let answer = Endpoint(
    .post, "/agent/interrupts/{id}/answer", group, "Answer an interrupt",
    "On the revision that was seen. When it is the last open one of its thread, that goes on.",
    parameters: [.ownID],
    body: Endpoint.Body(
      Form.object([("revision", Form.revision), ("answer", ["description": "What the request allows."])]),
      limit: Limits.documentBytes,
      example: ["revision": InboxForms.revision, "answer": ["decisions": [["type": "approve"]]]]),
    outcomes: InboxForms.deciding
  ) { call in
    try await InboxForms.decided(call) { revision in
      try await call.rooms.agents.interrupts.answer(
        call.id, with: call.sentValue("answer") ?? .null, on: revision, for: call.caller)
    }
  }

  static let withdraw = Endpoint(
    .post, "/agent/interrupts/{id}/withdraw", group, "Take an interrupt back",
    "One that need not be answered any more.",
    parameters: [.ownID], body: InboxForms.seen, outcomes: InboxForms.deciding
  ) { call in
    try await InboxForms.decided(call) { revision in
      try await call.rooms.agents.interrupts.withdraw(call.id, on: revision, for: call.caller)
    }
  }

  // MARK: Todos

  static let todos = Endpoint(
    .get, "/agent/sessions/{session_id}/todos", group, "List the todos of a session", "Newest first.",
    parameters: [InboxForms.session, InboxForms.status(["open", "completed", "cancelled"]), .limit, .after],
    outcomes: InboxForms.listing
  ) { call in
    try InboxForms.page(
      call.rooms.agents.todos.list(
        status: call.text("status"), thread: call["session_id"], limit: call.pageLimit, after: call.text("after"),
        for: call.caller), call)
  }

  static let todo = Endpoint(
    .get, "/agent/todos/{id}", group, "Read a todo", parameters: [.ownID],
    outcomes: [.owned(.ok, "The todo.")] + .readingOwned
  ) { call in
    try call.owned(call.rooms.agents.todos.todo(call.id, for: call.caller))
  }

  static let addTodos = Endpoint(
    .post, "/agent/sessions/{session_id}/todos", group, "Add todos", "All in one commit; the agent goes on meanwhile.",
    parameters: [InboxForms.session],
    body: Endpoint.Body(
      Form.object([("todos", InboxForms.drafts(InboxForms.todoDraft))]), limit: Limits.documentBytes,
      example: ["todos": [["todo_type": "approval", "title": "Send the mail?"]]]),
    outcomes: [InboxForms.waiting] + .creatingOwned
      + InboxForms.racing
  ) { call in
    var drafts: [TodoDraft] = []
    for item in call.sentItems("todos") { drafts.append(try TodoDraft(parsing: item.object ?? [:])) }
    let made = try await call.rooms.agents.todos.create(drafts, in: call["session_id"], for: call.caller)
    return try InboxForms.created(made, call)
  }

  static let complete = Endpoint(
    .post, "/agent/todos/{todo_id}/complete", group, "Complete a todo",
    """
    On the revision that was seen. An approval takes `{"approved": true or false}` or the bare truth value, an input \
    a text or what fits its schema, a selection the id of an option or a list of them. When it is the last open one \
    of its session, that resumes.
    """,
    parameters: [InboxForms.todoID],
    body: Endpoint.Body(
      Form.object([("revision", Form.revision), ("result", ["description": "What the type of the todo takes."])]),
      limit: Limits.documentBytes, example: ["revision": InboxForms.revision, "result": ["approved": true]]),
    outcomes: InboxForms.deciding
  ) { call in
    try await InboxForms.decided(call) { revision in
      try await call.rooms.agents.todos.complete(
        call["todo_id"], with: call.sentValue("result") ?? .null, on: revision, for: call.caller)
    }
  }

  static let cancel = Endpoint(
    .post, "/agent/todos/{todo_id}/cancel", group, "Give a todo up", "Its session does not wait for it any more.",
    parameters: [InboxForms.todoID], body: InboxForms.seen, outcomes: InboxForms.deciding
  ) { call in
    try await InboxForms.decided(call) { revision in
      try await call.rooms.agents.todos.cancel(call["todo_id"], on: revision, for: call.caller)
    }
  }
}
