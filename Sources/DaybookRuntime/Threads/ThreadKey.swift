import Daybook
import Documents

/// Which thread: whose, and what it is called. Agents name threads as they like, `""` and `"a:b|c"` included, and two
/// users may choose the same name; so what belongs to a thread bears names that are made of both.
///
/// | document | its id |
/// | --- | --- |
/// | `threads/…` | the thread's name where that can be an id and the thread is the owner's; else `~` and the digest |
/// | `threads/checkpoints/…` | digest `.` checkpoint |
/// | `threads/writes/…` | digest `.` checkpoint `.` task |
/// | `threads/values/…` | digest `.` value |
///
/// The digest is one of the user and the thread's name, the checkpoint one of namespace and id, the value one of
/// namespace, channel and version. All that a thread has begins alike, and is found without an index; a copy of the
/// thread bears the same names behind another digest.
struct ThreadKey: Sendable, Hashable {
  let user: String
  /// What the agent calls it.
  let id: String
  /// What the ids of all that it has begin with.
  let prefix: String

  /// - Throws: `.invalid` for a name that is too long.
  init(_ id: String, of caller: Caller) throws(StoreError) {
    guard id.utf8.count <= Limits.threadIDBytes else {
      throw StoreError(.invalid, "The id of a thread has at most \(Limits.threadIDBytes) bytes.")
    }
    user = caller.user
    self.id = id
    prefix = try KeyDigest.text(of: [caller.user, id], bytes: KeyDigest.threadBytes) + "."
  }

  /// The address of the document about the thread itself.
  var address: String {
    let speaksForItself = user == Caller.ownerID && !id.hasPrefix("~") && (try? DocumentID(id)) != nil
    return "\(AgentThreads.collection)/\(speaksForItself ? id : "~\(prefix.dropLast())")"
  }

  // MARK: What it has

  func checkpoint(_ id: String, _ namespace: String) throws(StoreError) -> String {
    guard (1...Limits.comparedBytes).contains(id.utf8.count) else {
      throw StoreError(.invalid, "The id of a checkpoint has 1 to \(Limits.comparedBytes) bytes.")
    }
    guard namespace.utf8.count <= Limits.threadIDBytes else {
      throw StoreError(.invalid, "A namespace has at most \(Limits.threadIDBytes) bytes.")
    }
    return try prefix + KeyDigest.text(of: [namespace, id], bytes: KeyDigest.innerBytes)
  }

  func writes(of checkpoint: String, task: String) throws(StoreError) -> String {
    try "\(checkpoint).\(KeyDigest.text(of: [task], bytes: KeyDigest.innerBytes))"
  }

  /// - Parameter version: a string or a number; 1 and 1.0 are one.
  func value(of channel: String, _ version: JSONValue, _ namespace: String) throws(StoreError) -> String {
    let version = String(decoding: version.canonicalBytes, as: UTF8.self)
    return try prefix + KeyDigest.text(of: [namespace, channel, version], bytes: KeyDigest.innerBytes)
  }

  static func == (one: ThreadKey, other: ThreadKey) -> Bool { one.prefix == other.prefix }

  func hash(into hasher: inout Hasher) { hasher.combine(prefix) }
}
