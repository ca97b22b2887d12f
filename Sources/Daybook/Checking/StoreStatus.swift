import Documents
import Storage

/// How a store is doing, at a glance.
public struct StoreStatus: Sendable {
  public let path: String
  public let storeID: String
  public let sequence: UInt64
  public let commit: CommitID?
  /// How many documents each collection has.
  public let documents: [(collection: String, count: Int)]
  /// How many transactions wait for the one writer.
  public let waitingWrites: Int
  /// How many commits are acknowledged and not archived yet.
  public let unarchivedCommits: Int
  public let logBytes: Int
  public let packs: Int
  public let packBytes: Int
  /// Packs that could not be read since the store was opened, and what to do.
  public let packProblems: [FileProblem]
  /// How many documents of each collection are expired and not swept yet, where there are any.
  public let expiredDocuments: [(collection: String, count: Int)]
  /// Files that hold an edit which is not in the store.
  public let editedFiles: [String]
  /// Edits that cannot be taken in; the last good value goes on being served.
  public let fileProblems: [FileProblem]
  /// The same for schemas: the last good one goes on counting.
  public let schemaProblems: [FileProblem]
  /// The names of kinds that come with this program and that the store lacks, since an earlier one made it.
  public let missingKinds: [String]
  /// Documents that break the rules of their kind since its schema was changed; they are served as they are. The first few.
  public let misfits: [StoreError]
  /// How many there are.
  public let misfitCount: Int
  /// How the store and its remotes stand to each other.
  public let remotes: [RemoteStatus]
  /// How many conflicts a person still has to decide.
  public let openConflicts: Int
  /// Secrets that came into Git's history in clear text, and are still in use.
  public let leaks: [SecretLeak]
  /// Why secrets cannot be opened, if they cannot, as far as it shows without asking for a passphrase.
  public let keyProblem: StoreError?
  /// Why the store takes no writes, if it does not.
  public let failure: StoreError?
}

extension Store {
  /// Why the store takes no writes; nil while it does.
  public var failure: StoreError? { parts.queue.failure }

  public func status() throws(StoreError) -> StoreStatus {
    let snapshot = snapshot()
    var documents: [(collection: String, count: Int)] = []
    for kind in kinds.all {
      documents.append((kind.collection.text, try snapshot.count(of: kind.collection.text)))
    }
    let problems = parts.handEdits.problems
    let misfits = snapshot.index.misfits
    let packs: [PackFolder.Pack]
    do {
      packs = try PackFolder(fileSystem: parts.fileSystem, path: "\(path)/\(StoreLayout.packs)").packs()
    } catch {
      throw StoreError(.unavailable, "The packs could not be listed.", cause: error)
    }
    return StoreStatus(
      path: path, storeID: parts.manifest.storeID, sequence: snapshot.sequence, commit: snapshot.commit,
      documents: documents, waitingWrites: parts.loop.backlog.requests, unarchivedCommits: parts.queue.unarchivedCount,
      logBytes: parts.log.byteCount,
      packs: packs.count, packBytes: packs.reduce(0) { $0 + $1.bytes }, packProblems: parts.condenser.packProblems,
      expiredDocuments: try snapshot.expiredDocuments(at: parts.clock.milliseconds()),
      editedFiles: parts.workingFiles.editedPaths,
      fileProblems: problems, schemaProblems: parts.handEdits.schemaProblems,
      missingKinds: snapshot.kinds.missing,
      misfits: misfits.prefix(Limits.listedMisfits).compactMap { snapshot.misfit(named: $0.name) },
      misfitCount: misfits.count, remotes: try remoteStatuses(), openConflicts: try snapshot.openConflicts(),
      leaks: try snapshot.leaks(among: parts.leakNotes.read(), unsettled: Set(problems.map(\.path))),
      keyProblem: parts.sealer.keys.problem, failure: parts.queue.failure)
  }
}

extension Snapshot {
  /// What is wrong with a document; nil when nothing is.
  fileprivate func misfit(named name: [UInt8]) -> StoreError? {
    let text = String(decoding: name.map { $0 == 0 ? UInt8(ascii: "/") : $0 }, as: UTF8.self)
    do throws(StoreError) {
      let address = try kinds.address(text)
      guard let document = try document(address) else { return nil }
      try Preparer.validate(document.root, against: try kinds.kind(of: address.collection.text).schema, "\(address)")
      return nil
    } catch {
      return error
    }
  }
}
