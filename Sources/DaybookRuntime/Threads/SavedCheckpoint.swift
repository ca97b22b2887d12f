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

  /// The revision of the document with the value of a channel; nil when none was kept.
  func revision(ofValueOf channel: String) throws(StoreError) -> Revision? {
    guard let version = document.root["channel_versions"]?[channel]?.value else { return nil }
    return try snapshot.revision("\(Checkpoints.values)/\(thread.value(of: channel, version, namespace))")
  }

  private func value(of channel: String, _ version: JSONValue) throws(StoreError) -> Payload? {
    try document(ofValueOf: channel, version).map { document throws(StoreError) in try Payload(document.root) }
  }

  private func document(ofValueOf channel: String, _ version: JSONValue) throws(StoreError) -> Document? {
    try snapshot.document("\(Checkpoints.values)/\(thread.value(of: channel, version, namespace))", of: thread.user)
  }

  /// What tasks wrote after it, in the order in which it is applied.
  package func writes() throws(StoreError) -> [PendingWrite] {
    try PendingWrite.all(of: document.address.id.text, thread.user, in: snapshot)
  }

  /// How many bytes all its documents have.
  func byteCount() throws(StoreError) -> Int {
    var documents = try PendingWrite.documents(of: document.address.id.text, thread.user, in: snapshot)
    for (channel, version) in channelVersions {
      if let value = try document(ofValueOf: channel, version) { documents.append(value) }
    }
    return documents.reduce(document.text.bytes.count) { $0 + $1.text.bytes.count }
  }

  /// The whole checkpoint, as it is answered: the members of the document, `values` and `pending_writes`.
  package func json() throws(StoreError) -> JSONValue {
    try json { payload throws(StoreError) in payload.members }
  }

  /// The same with all bytes put beside it.
  package func json(addingTo parts: inout PayloadParts) throws(StoreError) -> JSONValue {
    try json { payload throws(StoreError) in try parts.add(payload) }
  }

  private func json(_ members: (Payload) throws(StoreError) -> JSONObject) throws(StoreError) -> JSONValue {
    var values: [JSONValue] = []
    for value in try self.values() {
      values.append([
        "channel": .string(value.channel), "version": value.version, "value": .object(try members(value.value)),
      ])
    }
    var writes: [JSONValue] = []
    for write in try self.writes() { writes.append(write.json(.object(try members(write.value)))) }
    return [
      "thread_id": .string(threadID), "checkpoint_ns": .string(namespace), "checkpoint_id": .string(id),
      "parent_checkpoint_id": parentID.map { .string($0) } ?? .null, "metadata": .object(metadata),
      "channel_versions": .object(channelVersions), "checkpoint": .object(try members(checkpoint())),
      "values": .array(values), "pending_writes": .array(writes),
    ]
  }
}

/// Some of the checkpoints that a list has.
package struct CheckpointPage: Sendable {
  package let checkpoints: [SavedCheckpoint]
  /// What leads to the following ones; nil when there are none.
  package let next: String?
}
