import Daybook
import DaybookRuntime
import HTTPTypes

/// Schemas and parameters that the endpoints about threads of agents share.
///
/// Agents name threads and namespaces as they like: `""` and `"a:b|c"` are names. So a thread stands in a path only as
/// its last name, or before a fixed word, and what a saver of checkpoints sends names it in its body or its query.
enum ThreadForms {
  static let threadID: JSONValue = [
    "type": "string", "maxLength": 1_024, "description": "What the agent calls the thread: any text.",
    "examples": ["thread-1"],
  ]
  static let namespace: JSONValue = [
    "type": "string", "maxLength": 1_024,
    "description": "Empty for the graph itself; a path for a graph within it.", "examples": [""],
  ]
  static let checkpointID: JSONValue = [
    "type": "string", "minLength": 1, "maxLength": 128,
    "description": "The id of a checkpoint. A greater one is newer.",
    "examples": ["1f0a9c1e-6d3b-6a10-8000-3f2b6c1d9e55"],
  ]
  static let channel: JSONValue = ["type": "string", "description": "The channel.", "examples": ["messages"]]
  static let version: JSONValue = ["type": ["string", "number"], "description": "The version of a channel's value."]

  private static let framedPayload = Form.object([
    ("type", ["type": "string"]),
    ("part", ["type": "integer", "minimum": 1, "description": "The frame with the bytes, in a body of frames."]),
  ])

  /// A value as an agent gave it.
  static let payload: JSONValue = [
    "description": "Bytes with a type, kept exactly, in Base64 or as the text that they are; or JSON, kept readable.",
    "oneOf": [
      Form.object([("type", ["type": "string"]), ("base64", ["type": "string"])]),
      Form.object([("type", ["type": "string"]), ("text", ["type": "string"])]), Form.object([("json", [:])]),
      framedPayload,
    ],
    "examples": [["type": "msgpack", "base64": "gaVzdGF0ZQE="]],
  ]

  // MARK: Answers

  static let pendingWrite = Form.object([
    ("task_id", ["type": "string"]), ("task_path", ["type": "string"]), ("idx", ["type": "integer"]),
    ("channel", ["type": "string"]), ("value", payload),
  ])

  static let channelValue = Form.object([("channel", channel), ("version", version), ("value", payload)])

  static let checkpoint = Form.object([
    ("thread_id", ["type": "string"]), ("checkpoint_ns", ["type": "string"]), ("checkpoint_id", ["type": "string"]),
    ("parent_checkpoint_id", Form.nullable(["type": "string"])), ("metadata", ["type": "object"]),
    ("channel_versions", ["type": "object"]), ("checkpoint", payload), ("values", Form.list(channelValue)),
    ("pending_writes", Form.list(pendingWrite)),
  ])

  /// What some removal came to.
  static let removed = Form.object([
    ("deleted", ["type": "integer", "minimum": 0, "description": "How many documents went. The history keeps them."])
  ])

  static func names(_ schema: JSONValue, _ description: String) -> JSONValue {
    [
      "type": "array", "items": schema, "minItems": 1, "maxItems": .number(JSONNumber(Limits.namedThreads)),
      "description": .string(description),
    ]
  }
}

/// The collections of agents' threads, as their endpoints touch them. What a checkpoint holds goes with it.
enum ThreadCollections {
  static let threads = "threads"
  static let checkpoints = "threads/checkpoints"
  static let inbox = ["inbox/interrupts", "inbox/todos"]
  /// What goes with a thread that is deleted.
  static let all = [threads, checkpoints] + inbox
}

extension Endpoint.Outcome {
  static func removed(_ description: String) -> Endpoint.Outcome {
    Endpoint.Outcome(.ok, description, json: ThreadForms.removed)
  }
}

extension Answer {
  static func removed(_ count: Int) -> Answer { .json(["deleted": .number(JSONNumber(count))]) }
}

extension Call {
  var threads: AgentThreads { rooms.agents.threads }
  var checkpoints: Checkpoints { rooms.agents.checkpoints }

  /// The thread that a body names.
  var namedThread: String { sentText("thread_id") ?? "" }
  var namedNamespace: String { sentText("checkpoint_ns") ?? "" }
}
