package import Daybook
package import Documents

/// A checkpoint as the store holds it, with all that was known of it at one moment: what belongs to it is read when it
/// is asked for.
package struct SavedCheckpoint: Sendable {
  package let document: Document
  let thread: ThreadKey
  let snapshot: Snapshot

  private func text(_ member: String) -> String { document.root[member]?.string ?? "" }

  package var threadID: String { text("thread_id") }
  package var namespace: String { text("checkpoint_ns") }
  package var id: String { text("checkpoint_id") }
  /// Nil for the first one.
  package var parentID: String? { document.root["parent_checkpoint_id"]?.string.flatMap { $0.isEmpty ? nil : $0 } }
  package var metadata: JSONObject { document.root["metadata"]?.value.object ?? [:] }
  /// The version of each channel.
  package var channelVersions: JSONObject { document.root["channel_versions"]?.value.object ?? [:] }

  /// The state without the values of channels.
  package func checkpoint() throws(StoreError) -> Payload {
    guard let node = document.root["checkpoint"] else {
      throw StoreError(.invalid, "'\(document.address)' has no state.", document: "\(document.address)")
    }
    return try Payload(node)
  }

  /// The values of its channels, as far as any were kept.
  package func values() throws(StoreError) -> [ChannelValue] {
    var values: [ChannelValue] = []
    for (channel, version) in channelVersions {
      guard let value = try value(of: channel, version) else { continue }
      values.append(ChannelValue(channel: channel, version: version, value: value))
    }
    return values
  }

  /// The value of one channel; nil when none was kept.
  func value(of channel: String) throws(StoreError) -> Payload? {
    guard let version = document.root["channel_versions"]?[channel]?.value else { return nil }
    return try value(of: channel, version)
  }

  private func value(of channel: String, _ version: JSONValue) throws(StoreError) -> Payload? {
    let id = try thread.value(of: channel, version, namespace)
    return try snapshot.document("\(Checkpoints.values)/\(id)", of: thread.user).map { document throws(StoreError) in
      try Payload(document.root)
    }
  }

  /// What tasks wrote after it, in the order in which it is applied.
  package func writes() throws(StoreError) -> [PendingWrite] {
    try PendingWrite.all(of: document.address.id.text, thread.user, in: snapshot)
  }

  /// The whole checkpoint, as it is answered: the members of the document, `values` and `pending_writes`.
  package func json() throws(StoreError) -> JSONValue {
    var values: [JSONValue] = []
    for value in try self.values() {
      values.append([
        "channel": .string(value.channel), "version": value.version, "value": .object(value.value.members),
      ])
    }
    return [
      "thread_id": .string(threadID), "checkpoint_ns": .string(namespace), "checkpoint_id": .string(id),
      "parent_checkpoint_id": parentID.map { .string($0) } ?? .null, "metadata": .object(metadata),
      "channel_versions": .object(channelVersions), "checkpoint": .object(try checkpoint().members),
      "values": .array(values), "pending_writes": .array(try writes().map(\.json)),
    ]
  }
}

/// Some of the checkpoints that a list has.
package struct CheckpointPage: Sendable {
  package let checkpoints: [SavedCheckpoint]
  /// What leads to the following ones; nil when there are none.
  package let next: String?
}
