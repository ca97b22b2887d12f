import Documents
import Git

/// What the syncs with a remote came to lately: a file of this machine's own, `sync/<remote>.json`.
///
/// ```json
/// {"tried_at": "2026-11-21T06:40:00.123Z", "succeeded_at": "2026-11-21T06:30:00.004Z", "error": "hub cannot be reached."}
/// ```
struct SyncRecord: Equatable {
  var triedAt: Timestamp
  var succeededAt: Timestamp?
  /// Why the last one failed; nil when it did not.
  var error: String?

  static let folder = "sync"

  init(triedAt: Timestamp, succeededAt: Timestamp?, error: String?) {
    (self.triedAt, self.succeededAt, self.error) = (triedAt, succeededAt, error)
  }

  /// Nil for a file that is none.
  init?(parsing bytes: [UInt8]) {
    guard let root = try? JSONText(parsing: bytes).root,
      let triedAt = root["tried_at"]?.string.flatMap({ Timestamp(parsing: $0) })
    else { return nil }
    self.init(
      triedAt: triedAt, succeededAt: root["succeeded_at"]?.string.flatMap { Timestamp(parsing: $0) },
      error: root["error"]?.string)
  }

  var text: JSONText {
    var object: JSONObject = ["tried_at": .string(triedAt.text)]
    object["succeeded_at"] = succeededAt.map { .string($0.text) }
    object["error"] = error.map { .string($0) }
    return JSONText(formatting: .object(object))
  }
}

/// How the store and one of its remotes stand to each other, as far as is known without asking it.
public struct RemoteStatus: Sendable, Equatable {
  /// What the store calls it.
  public let name: String
  /// How many commits are here that the remote had not when it was heard last; nil when it never was.
  public let ahead: Int?
  /// How many it had that are not here.
  public let behind: Int?
  /// When a sync with it was tried last.
  public let triedAt: Timestamp?
  /// When one came to its end last.
  public let succeededAt: Timestamp?
  /// Why the last one failed; nil when it did not.
  public let error: String?
}

extension Store {
  /// The remotes in the order of their names.
  func remoteStatuses() throws(StoreError) -> [RemoteStatus] {
    let head = try archivedHead()
    var statuses: [RemoteStatus] = []
    for remote in try RemoteConfiguration(of: path).remotes() {
      guard let name = try? RemoteName(remote.name) else { continue }
      let record = try syncRecord(of: name)
      let distance = try fetched(from: name).map { tip throws(StoreError) in try countApart(head, tip) }
      statuses.append(
        RemoteStatus(
          name: remote.name, ahead: distance?.ahead, behind: distance?.behind, triedAt: record?.triedAt,
          succeededAt: record?.succeededAt, error: record?.error ?? remote.problem))
    }
    return statuses
  }

  private func countApart(_ head: ObjectID?, _ tip: ObjectID) throws(StoreError) -> (ahead: Int, behind: Int) {
    try StoreOpening.reading("the history") { () throws(GitError) in
      try parts.objects.withRepository { repository throws(GitError) in
        guard let head else { return (0, try repository.commits(after: nil, through: tip).count) }
        return try repository.distance(from: head, to: tip)
      }
    }
  }

  private func syncRecord(of name: RemoteName) throws(StoreError) -> SyncRecord? {
    try localFiles(in: SyncRecord.folder).read("\(name)").flatMap { SyncRecord(parsing: $0) }
  }

  /// Keeps what a sync came to. That it cannot be kept, as on a full disk, is no reason for a sync to fail.
  func recordSync(with name: RemoteName, error: StoreError?) {
    let before = try? syncRecord(of: name)
    let record = SyncRecord(
      triedAt: now, succeededAt: error == nil ? now : before?.succeededAt, error: error?.message)
    try? localFiles(in: SyncRecord.folder).write(record.text.bytes, as: "\(name)")
  }
}
