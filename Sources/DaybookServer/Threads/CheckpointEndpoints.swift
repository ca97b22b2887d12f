import Daybook
import DaybookRuntime
import HTTPTypes

/// What a saver of checkpoints asks for: one request for each of its operations.
enum CheckpointEndpoints {
  static let group = Endpoint.Group(
    name: "Checkpoints",
    description: """
      Saved states of agents' threads, for savers of checkpoints. A value is bytes with a type, kept exactly, or \
      JSON. Bytes stand in JSON as Base64, or beside it in a body of frames (`application/vnd.daybook.frames`), which is \
      shorter and quicker. Threads and namespaces bear any name, the empty one too, and are named in the query or the body.
      """)

  static let all: [Endpoint] =
    [get, search, histories].admitting(.touching([ThreadCollections.checkpoints]))
    + [put, putWrites, prune, deleteRuns]
    .admitting(.touching([ThreadCollections.threads, ThreadCollections.checkpoints]))

  private static let unfit = Endpoint.Outcome.problem(
    .unprocessableContent, "A name is too long, or a value is no Base64.")

  static let get = Endpoint(
    .get, "/api/v1/checkpoints", group, "Read a checkpoint",
    "With the values of its channels, and with what tasks wrote since, in the order in which it is applied.",
    parameters: [
      Parameter("thread_id", in: .query, "The thread.", ThreadForms.threadID, isRequired: true, example: "thread-1"),
      Parameter("checkpoint_ns", in: .query, "The namespace; the empty one when left out.", ThreadForms.namespace),
      Parameter(
        "checkpoint_id", in: .query, "The checkpoint; the latest of its namespace when left out.",
        ThreadForms.checkpointID),
    ],
    outcomes: [
      Endpoint.Outcome(
        .ok, "The checkpoint; as frames for who accepts that.", json: ThreadForms.checkpoint, isFramed: true),
      .problem(.notFound, "There is none."), unfit,
    ]
  ) { call in
    let checkpoint = try call.checkpoints.checkpoint(
      call.text("checkpoint_id"), namespace: call.text("checkpoint_ns") ?? "", in: call["thread_id"], for: call.caller)
    guard let checkpoint else {
      throw StoreError(.notFound, "The thread '\(call["thread_id"])' has no such checkpoint.")
    }
    guard call.wantsFrames else { return .json(try checkpoint.json().object ?? [:]) }
    var parts = PayloadParts()
    let json = try checkpoint.json(addingTo: &parts)
    return .frames(json, parts.parts)
  }

  static let put = Endpoint(
    .put, "/api/v1/checkpoints", group, "Save a checkpoint",
    """
    With the values that its step changed, in one commit; those of other channels are where an earlier checkpoint of \
    the namespace left them, under their versions. Sent again, it changes nothing; another one under the same id \
    takes its place. The version of a channel has one value for good.
    """,
    body: Endpoint.Body(
      Form.object(
        [
          ("thread_id", ThreadForms.threadID), ("checkpoint_ns", ThreadForms.namespace),
          ("checkpoint_id", ThreadForms.checkpointID),
          ("parent_checkpoint_id", Form.nullable(ThreadForms.checkpointID)),
          ("checkpoint", ThreadForms.payload), ("metadata", Form.metadata),
          (
            "channel_versions",
            [
              "type": "object", "additionalProperties": ThreadForms.version,
              "description": "The version of each channel.",
            ]
          ), ("values", Form.list(ThreadForms.channelValue)),
        ],
        optional: ["checkpoint_ns", "parent_checkpoint_id", "metadata", "channel_versions", "values"]),
      limit: Limits.transactionBytes, mayBeFramed: true,
      example: [
        "thread_id": "thread-1", "checkpoint_ns": "", "checkpoint_id": "1f0a9c1e-6d3b-6a10-8000-3f2b6c1d9e55",
        "checkpoint": ["json": ["v": 4, "ts": "2026-11-21T06:40:00.000Z"]],
        "metadata": ["source": "input", "step": -1], "channel_versions": ["messages": "1.0.4"],
        "values": [
          ["channel": "messages", "version": "1.0.4", "value": ["type": "msgpack", "base64": "kaVoZWxsbw=="]]
        ],
      ]),
    outcomes: [
      Endpoint.Outcome(
        .ok, "It is saved.",
        json: Form.object([
          ("thread_id", ["type": "string"]), ("checkpoint_ns", ["type": "string"]),
          ("checkpoint_id", ["type": "string"]), ("sequence", Form.sequence), ("commit", Form.nullable(Form.commit)),
          ("changed", ["type": "boolean"]),
        ])
      ) { call, receipt in try saved(draft(call), receipt, call) },
      .problem(.conflict, "A channel has another value under the version."), unfit,
    ]
  ) { call in
    let draft = try draft(call)
    return try saved(draft, try await call.checkpoints.put(draft, in: call.namedThread, for: call.caller), call)
  }

  private static func draft(_ call: Call) throws -> CheckpointDraft {
    try CheckpointDraft(parsing: call.content.text.root.value.object ?? [:], with: PayloadParts(call.content.parts))
  }

  private static func saved(_ draft: CheckpointDraft, _ receipt: Receipt, _ call: Call) throws -> Answer {
    .json([
      "thread_id": .string(call.namedThread), "checkpoint_ns": .string(draft.namespace),
      "checkpoint_id": .string(draft.id), "sequence": .number(JSONNumber(receipt.sequence)),
      "commit": receipt.commit.map { .string("\($0)") } ?? .null, "changed": .bool(receipt.changed),
    ])
  }

  static let search = Endpoint(
    .post, "/api/v1/checkpoints/search", group, "List checkpoints",
    "Newest first by their ids, each as it is read. What is left out is not asked for: no thread means all threads.",
    body: Endpoint.Body(
      Form.object(
        [
          ("thread_id", ThreadForms.threadID), ("checkpoint_ns", ThreadForms.namespace),
          ("checkpoint_id", ThreadForms.checkpointID),
          ("before", ThreadForms.checkpointID), ("metadata", metadataFilter),
          (
            "limit",
            [
              "type": "integer", "minimum": 1, "maximum": .number(JSONNumber(Limits.checkpointPage)),
              "default": .number(JSONNumber(Limits.pageSize)),
            ]
          ),
          ("after", Form.cursor),
        ],
        optional: ["thread_id", "checkpoint_ns", "checkpoint_id", "before", "metadata", "limit", "after"]),
      example: ["thread_id": "thread-1", "metadata": ["source": "loop"], "limit": 10]),
    outcomes: [
      Endpoint.Outcome(
        .ok, "A page.",
        json: Form.object([
          ("checkpoints", Form.list(ThreadForms.checkpoint)),
          ("next", Form.nullable(["type": "string", "description": "What `after` takes for the following page."])),
        ])),
      .problem(.unprocessableContent, "`after` is not the end of a page of this list."),
    ], reads: true
  ) { call in
    var filter = CheckpointFilter(
      thread: call.sentText("thread_id"), namespace: call.sentText("checkpoint_ns"),
      limit: call.member("limit")?.integer ?? Limits.pageSize)
    filter.id = call.sentText("checkpoint_id")
    filter.before = call.sentText("before")
    filter.metadata = call.sentObject("metadata") ?? [:]
    filter.cursor = call.sentText("after")
    let page = try call.checkpoints.list(filter, for: call.caller)
    return .json([
      "checkpoints": .array(try page.checkpoints.map { try $0.json() }),
      "next": page.next.map { .string($0) } ?? .null,
    ])
  }

  static let putWrites = Endpoint(
    .post, "/api/v1/checkpoints/writes", group, "Save what a task wrote",
    """
    All in one commit, whether or not the checkpoint has arrived. Of a number from 0 on, the first write counts; \
    below 0, which special channels have, the newest.
    """,
    body: Endpoint.Body(
      Form.object(
        [
          ("thread_id", ThreadForms.threadID), ("checkpoint_ns", ThreadForms.namespace),
          ("checkpoint_id", ThreadForms.checkpointID), ("task_id", ["type": "string"]),
          (
            "task_path",
            ["type": "string", "description": "Where in the graph the task is; writes are applied in this order."]
          ),
          (
            "writes",
            Form.list(
              Form.object(
                [("channel", ThreadForms.channel), ("value", ThreadForms.payload), ("idx", writeNumber)],
                optional: ["idx"]))
          ),
        ], optional: ["checkpoint_ns", "task_path"]), limit: Limits.transactionBytes, mayBeFramed: true,
      example: [
        "thread_id": "thread-1", "checkpoint_id": "1f0a9c1e-6d3b-6a10-8000-3f2b6c1d9e55", "task_id": "7c1d9e55",
        "writes": [["channel": "messages", "value": ["type": "msgpack", "base64": "kaVoZWxsbw=="]]],
      ]),
    outcomes: [
      Endpoint.Outcome(.noContent, "They are saved."), unfit,
      .problem(.conflict, "Others wrote for the same task all the time."),
    ]
  ) { call in
    let writes = try WriteDraft.list(call.sentItems("writes"), with: PayloadParts(call.content.parts))
    let name = CheckpointName(call.sentText("checkpoint_id") ?? "", in: call.namedNamespace)
    try await call.checkpoints.putWrites(
      writes, task: call.sentText("task_id") ?? "", path: call.sentText("task_path") ?? "", to: name,
      in: call.namedThread, for: call.caller)
    return Answer(.noContent)
  }

  static let histories = Endpoint(
    .post, "/api/v1/checkpoints/history", group, "Follow channels back",
    """
    For channels whose value is kept whole only now and then: what was written to each on the way to a checkpoint \
    since the nearest ancestor that has its value, oldest first, and that value as `seed`.
    """,
    body: Endpoint.Body(
      Form.object(
        [
          ("thread_id", ThreadForms.threadID), ("checkpoint_ns", ThreadForms.namespace),
          ("checkpoint_id", ThreadForms.checkpointID),
          (
            "channels",
            [
              "type": "array", "items": ThreadForms.channel, "minItems": 1,
              "maxItems": .number(JSONNumber(Limits.followedChannels)),
            ]
          ),
        ], optional: ["checkpoint_ns", "checkpoint_id"]),
      example: ["thread_id": "thread-1", "channels": ["messages"]]),
    outcomes: [
      Endpoint.Outcome(
        .ok, "Of each channel, in the order asked.",
        json: Form.object([
          (
            "channels",
            Form.list(
              Form.object([
                ("channel", ThreadForms.channel), ("writes", Form.list(ThreadForms.pendingWrite)),
                ("seed", Form.nullable(ThreadForms.payload)),
              ]))
          )
        ])), unfit,
    ], reads: true
  ) { call in
    try await call.apart {
      let histories = try call.checkpoints.histories(
        of: texts(call.member("channels")), before: call.sentText("checkpoint_id"),
        namespace: call.namedNamespace, in: call.namedThread, for: call.caller)
      return .json(["channels": .array(histories.map(\.json))])
    }
  }

  static let prune = Endpoint(
    .post, "/api/v1/checkpoints/prune", group, "Prune threads",
    """
    `keep_latest` keeps the newest checkpoint of each namespace, `keep_last` so many as `keep` says, `delete` \
    nothing, not even the threads. What a kept checkpoint cannot do without stays. Threads that are not there are \
    passed over.
    """,
    body: Endpoint.Body(
      Form.object(
        [
          ("thread_ids", ThreadForms.names(ThreadForms.threadID, "The threads.")),
          ("strategy", ["type": "string", "enum": ["keep_latest", "keep_last", "delete"], "default": "keep_latest"]),
          ("keep", ["type": "integer", "minimum": 1, "maximum": 1_000_000, "default": 1]),
        ], optional: ["strategy", "keep"]),
      example: ["thread_ids": ["thread-1"], "strategy": "keep_last", "keep": 20]),
    outcomes: [.removed("They are pruned."), unfit]
  ) { call in
    let strategy: AgentThreads.Strategy =
      switch call.sentText("strategy") {
      case "delete": .delete
      case "keep_last": .keepLast(call.member("keep")?.integer ?? 1)
      default: .keepLast(1)
      }
    if case .delete = strategy {
      for collection in ThreadCollections.inbox { try call.rooms.check(.write, in: collection, for: call.caller) }
    }
    return .removed(try await call.threads.prune(texts(call.member("thread_ids")), strategy, for: call.caller))
  }

  static let deleteRuns = Endpoint(
    .post, "/api/v1/checkpoints/delete-runs", group, "Delete what runs made",
    "All checkpoints whose metadata have one of these as `run_id`, in all threads of the caller, with their writes.",
    body: Endpoint.Body(
      Form.object([("run_ids", ThreadForms.names(["type": "string", "maxLength": 1_024], "The runs."))]),
      example: ["run_ids": ["019aa4f0-7c00-7000-8000-3f2b6c1d9e55"]]),
    outcomes: [.removed("They are deleted.")]
  ) { call in
    .removed(try await call.threads.deleteRuns(texts(call.member("run_ids")), for: call.caller))
  }

  // MARK: Steps

  private static let metadataFilter: JSONValue = [
    "type": "object",
    "description": "Members of the metadata and what they must equal; null also fits one that is not there.",
  ]
  private static let writeNumber: JSONValue = [
    "type": "integer", "minimum": -1_000_000, "maximum": 1_000_000,
    "description": "Its number among those of its task; left out, that of its special channel, or else its place.",
  ]

  private static func texts(_ node: JSONNode?) -> [String] { node?.elements.compactMap(\.string) ?? [] }
}
