package import Daybook
package import Documents

/// A checkpoint as an agent hands it in: its state, and the values of the channels that its step changed. The values of
/// the others are where an earlier checkpoint of the namespace left them, under the versions that both name.
package struct CheckpointDraft: Sendable {
  package var namespace: String
  package var id: String
  package var parentID: String?
  /// The state without what `values` brings. Small values may stand in it.
  package var checkpoint: Payload
  package var metadata: JSONObject
  /// The version of each channel: a string or a number.
  package var channelVersions: JSONObject
  package var values: [ChannelValue]

  package init(
    id: String, namespace: String = "", parentID: String? = nil, checkpoint: Payload, metadata: JSONObject = [:],
    channelVersions: JSONObject = [:], values: [ChannelValue] = []
  ) {
    self.id = id
    self.namespace = namespace
    self.parentID = parentID
    self.checkpoint = checkpoint
    self.metadata = metadata
    self.channelVersions = channelVersions
    self.values = values
  }

  /// The document in the collection of checkpoints.
  func document(in thread: ThreadKey) -> JSONValue {
    [
      "user": .string(thread.user), "thread_id": .string(thread.id), "checkpoint_ns": .string(namespace),
      "checkpoint_id": .string(id), "parent_checkpoint_id": parentID.map { .string($0) } ?? .null,
      "metadata": .object(metadata), "channel_versions": .object(channelVersions),
      "checkpoint": .object(checkpoint.members),
    ]
  }
}

/// The value of a channel under one of its versions.
package struct ChannelValue: Sendable, Equatable {
  package var channel: String
  /// A string or a number.
  package var version: JSONValue
  package var value: Payload

  package init(channel: String, version: JSONValue, value: Payload) {
    self.channel = channel
    self.version = version
    self.value = value
  }
}

/// One write of a task, as an agent hands it in.
package struct WriteDraft: Sendable {
  package var channel: String
  package var value: Payload
  /// Its number among those of its task; nil: that of its channel, if it is a special one, or else its place.
  package var index: Int?

  package init(channel: String, value: Payload, index: Int? = nil) {
    self.channel = channel
    self.value = value
    self.index = index
  }
}

// MARK: Reading requests

extension CheckpointDraft {
  /// Reads `{"checkpoint_id", "checkpoint_ns", "parent_checkpoint_id", "checkpoint", "metadata", "channel_versions",
  /// "values": [{"channel", "version", "value"}]}`; only `checkpoint_id` and `checkpoint` are required.
  ///
  /// - Parameter parts: what came beside it.
  /// - Throws: `.invalid` for any other form.
  package init(parsing request: JSONObject, with parts: PayloadParts = PayloadParts()) throws(StoreError) {
    try self.init(
      id: request.required("checkpoint_id", \.string, "a string"),
      namespace: request.optional("checkpoint_ns", \.string, "a string") ?? "",
      parentID: request.optional("parent_checkpoint_id", \.string, "a string"),
      checkpoint: parts.payload(request["checkpoint"]),
      metadata: request.optional("metadata", \.object, "an object") ?? [:],
      channelVersions: request.optional("channel_versions", \.object, "an object") ?? [:],
      values: ChannelValue.list(request.optional("values", \.array, "an array") ?? [], parts))
  }
}

extension ChannelValue {
  fileprivate static func list(_ values: [JSONValue], _ parts: PayloadParts) throws(StoreError) -> [ChannelValue] {
    var list: [ChannelValue] = []
    for value in values {
      let object = value.object ?? [:]
      list.append(
        ChannelValue(
          channel: try object.required("channel", \.string, "a string"),
          version: try object.required("version", { $0 }, "a string or a number"),
          value: try parts.payload(object["value"])))
    }
    return list
  }
}

extension WriteDraft {
  /// Reads `[{"channel", "value", "idx"}]`; `idx` may be left out.
  ///
  /// - Parameter parts: what came beside it.
  /// - Throws: `.invalid` for any other form.
  package static func list(
    _ writes: [JSONValue], with parts: PayloadParts = PayloadParts()
  ) throws(StoreError) -> [WriteDraft] {
    var list: [WriteDraft] = []
    for write in writes {
      let object = write.object ?? [:]
      list.append(
        WriteDraft(
          channel: try object.required("channel", \.string, "a string"), value: try parts.payload(object["value"]),
          index: try object.optional("idx", \.integer, "an integer")))
    }
    return list
  }
}
