import Daybook
import DaybookRuntime
import HTTPTypes

/// Conversations: what they are about, their messages, and where they stand.
enum SessionEndpoints {
  static let group = Endpoint.Group(
    name: "Chat", description: "Conversations with their messages, and questions that wait for an answer.")

  static let all: [Endpoint] =
    ([create, list, statistics, get, describe, use, append, ask, answer, complete, fail]
    + SessionTransferEndpoints.all + SessionItemEndpoints.all)
    .admitting(.touching([collection])) + [delete.admitting(.touching([collection, "settings/sessions"]))]

  static let collection = "sessions"

  /// A conversation with some of its messages.
  static let view = Form.object(Form.ownedMembers + [("messages", Form.tail)])

  private static let profile: JSONValue = Form.text(
    "The id of the LLM profile that answers; the active one when left out.", atLeast: 1, atMost: 512)
  private static let title = Form.text("What it is about, in a few words.", atMost: 300)

  static let create = Endpoint(
    .post, "/api/v1/chat/sessions", group, "Begin a conversation",
    "It keeps which LLM profile is in force, by id and revision, and never its key.",
    body: Endpoint.Body(
      Form.object(
        [
          ("title", title), ("llm_profile", profile), ("metadata", Form.metadata),
          ("messages", Form.items("The first messages.", atLeast: 0)),
        ], optional: ["title", "llm_profile", "metadata", "messages"]), limit: Limits.documentBytes,
      example: ["title": "Feeds", "messages": [["role": "user", "content": "What is new?"]]]),
    outcomes: [
      .created("It is active.", below: "/api/v1/chat/sessions"), .problem(.notFound, "There is no such profile."),
    ] + .creatingOwned
  ) { call in
    let session = try await call.rooms.sessions.create(
      title: call.sentText("title"), profile: call.sentText("llm_profile"), metadata: call.sentObject("metadata"),
      messages: call.sentItems("messages"), for: call.caller)
    return try call.created(session, below: "/api/v1/chat/sessions")
  }

  static let list = Endpoint(
    .get, "/api/v1/chat/sessions", group, "List the caller's conversations",
    "Those first in which something happened last.",
    parameters: [.status(SessionStatus.self), .limit, .after], outcomes: .listingOwned
  ) { call in
    try call.page(
      try call.rooms.sessions.list(
        status: call.text("status").flatMap { SessionStatus(rawValue: $0) }, limit: call.pageLimit,
        after: call.text("after"), for: call.caller))
  }

  static let statistics = Endpoint(
    .get, "/api/v1/chat/statistics", group, "Count the caller's conversations and messages",
    outcomes: [
      Endpoint.Outcome(
        .ok, "The counts.",
        json: Form.object([
          ("sessions", ["type": "integer"]),
          ("by_status", Form.object(SessionStatus.allCases.map { ($0.rawValue, ["type": "integer"]) })),
          ("messages", ["type": "integer"]),
        ]))
    ]
  ) { call in
    .json(try call.rooms.sessions.statistics(for: call.caller).json)
  }

  static let get = Endpoint(
    .get, "/api/v1/chat/sessions/{id}", group, "Read a conversation with its last messages",
    "Or with those from a place on. `sequence` says when it was so: changes after that are news.",
    parameters: [.ownID, .from, .limit],
    outcomes: [Endpoint.Outcome(.ok, "The conversation.", json: view)] + .readingOwned
  ) { call in
    let view = try call.rooms.sessions.view(
      call.id, last: call.pageLimit, from: call.integer("from"), for: call.caller)
    return try shown(view, call)
  }

  static let describe = Endpoint(
    .patch, "/api/v1/chat/sessions/{id}", group, "Say what a conversation is about",
    "What is left out stays as it is.", parameters: [.ownID, .ifMatch],
    body: Endpoint.Body(
      Form.object([("title", title), ("metadata", Form.metadata)], optional: ["title", "metadata"]),
      example: ["title": "Feeds"]),
    outcomes: [.owned(.ok, "It is changed.")] + .changingOwned
  ) { call in
    try await call.change(in: collection) {
      try await call.rooms.sessions.describe(
        call.id, title: call.sentText("title"), metadata: call.sentObject("metadata"), if: $0, for: call.caller)
    }
  }

  static let use = Endpoint(
    .put, "/api/v1/chat/sessions/{id}/profile", group, "Let another LLM profile answer from now on",
    "Without a name, the active one as it is now.", parameters: [.ownID, .ifMatch],
    body: Endpoint.Body(
      Form.object([("llm_profile", profile)], optional: ["llm_profile"]), example: ["llm_profile": "gpt-4o"]),
    outcomes: [.owned(.ok, "It is in force.")] + .changingOwned
  ) { call in
    try await call.change(in: collection) {
      try await call.rooms.sessions.use(
        profile: call.sentText("llm_profile"), in: call.id, if: $0, for: call.caller)
    }
  }

  static let append = Endpoint(
    .post, "/api/v1/chat/sessions/{id}/messages", group, "Append messages",
    "All or none, in this order. A conversation that had ended is active again.", parameters: [.ownID],
    body: Endpoint.Body(
      Form.object([("messages", Form.items("Messages of the schema `session`."))]), limit: Limits.documentBytes,
      example: ["messages": [["role": "assistant", "content": "Three things."]]]),
    outcomes: [
      Endpoint.Outcome(
        .ok, "They are appended; each with its id and time.",
        json: Form.object([("messages", Form.list(["type": "object"]))])
      ) { call, receipt in .json(["messages": .array(try call.appendedItems(in: receipt))]) }
    ] + .changingOwned
  ) { call in
    let messages = try await call.rooms.sessions.append(call.sentItems("messages"), to: call.id, for: call.caller)
    return .json(["messages": .array(messages)])
  }

  static let ask = Endpoint(
    .post, "/api/v1/chat/sessions/{id}/ask", group, "Ask the user something",
    "The conversation waits until the answer comes, over any restart.", parameters: [.ownID],
    body: Endpoint.Body(
      Form.object(
        [
          ("question", Form.text("The text of the question.", atLeast: 1)),
          ("options", ["type": "array", "items": ["type": "string"], "maxItems": 100]),
          ("metadata", Form.metadata),
          ("messages", Form.items("What is said together with the question.", atLeast: 0)),
        ], optional: ["options", "metadata", "messages"]), limit: Limits.documentBytes,
      example: ["question": "Which of the two feeds?", "options": ["Swift blog", "Swift forums"]]),
    outcomes: [.owned(.ok, "It waits; `pending_question` has the id that an answer names.")] + .changingOwned
  ) { call in
    let options = call.member("options").map { $0.elements.compactMap(\.string) }
    return try call.owned(
      try await call.rooms.sessions.ask(
        call.sentText("question") ?? "", options: options, metadata: call.sentObject("metadata"),
        messages: call.sentItems("messages"), in: call.id, for: call.caller))
  }

  static let answer = Endpoint(
    .post, "/api/v1/chat/answer", group, "Answer the pending question of a conversation",
    "Answers with all that an agent needs to go on, whenever and wherever it asked.",
    body: Endpoint.Body(
      Form.object(
        [
          ("session_id", Form.text("The id of the conversation.", atLeast: 1, atMost: 512)),
          ("answer", Form.text("The text of the answer.")),
          ("question_id", Form.text("The question that is meant; whichever waits when left out.", atMost: 512)),
          ("metadata", Form.metadata),
        ], optional: ["question_id", "metadata"]), limit: Limits.documentBytes,
      example: ["session_id": "019aa4f0-7c00-7000-8000-3f2b6c1d9e55", "answer": "Swift blog"]),
    outcomes: [
      Endpoint.Outcome(
        .ok, "It is active again: the conversation with its last messages.", json: view
      ) { call, _ in
        try shown(try call.rooms.sessions.view(call.sentText("session_id") ?? "", for: call.caller), call)
      }
    ] + .changingOwned
  ) { call in
    let view = try await call.rooms.sessions.answer(
      call.sentText("answer") ?? "", to: call.sentText("question_id"), metadata: call.sentObject("metadata"),
      in: call.sentText("session_id") ?? "", for: call.caller)
    return try shown(view, call)
  }

  private static func shown(_ view: SessionView, _ call: Call) throws -> Answer {
    Answer.json(try view.json(in: call.store.snapshot())).with(.eTag, view.session.revision.tag)
  }

  static let complete = Endpoint(
    .post, "/api/v1/chat/sessions/{id}/complete", group, "End a conversation", parameters: [.ownID, .ifMatch],
    outcomes: [.owned(.ok, "It is completed.")] + .changingOwned
  ) { call in
    try await call.change(in: collection) { try await call.rooms.sessions.complete(call.id, if: $0, for: call.caller) }
  }

  static let fail = Endpoint(
    .post, "/api/v1/chat/sessions/{id}/fail", group, "Say that a conversation broke off",
    parameters: [.ownID, .ifMatch],
    body: Endpoint.Body(Form.object([("error", Form.reason)]), example: ["error": "The model does not answer."]),
    outcomes: [.owned(.ok, "Its status is `error`.")] + .changingOwned
  ) { call in
    try await call.change(in: collection) {
      try await call.rooms.sessions.fail(call.id, error: call.sentText("error") ?? "", if: $0, for: call.caller)
    }
  }

  static let delete = Endpoint(
    .delete, "/api/v1/chat/sessions/{id}", group, "Delete a conversation, with its settings",
    "Its history stays.", parameters: [.ownID, .ifMatch],
    outcomes: [Endpoint.Outcome(.noContent, "It is deleted.")] + .changingOwned
  ) { call in
    try await call.delete(in: collection) { try await call.rooms.sessions.delete(call.id, if: $0, for: call.caller) }
  }
}
