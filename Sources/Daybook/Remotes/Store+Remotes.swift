package import Git
import Storage

/// What a fetch came to.
package struct FetchReport: Equatable, Sendable {
  /// What the remote's branch held when it was fetched before; nil for the first time.
  package var before: ObjectID?
  /// What it holds now; nil where the remote has no such branch.
  package var tip: ObjectID?
  /// How many commits, objects and bytes came.
  package var commits: Int
  package var objects: Int
  package var bytes: Int

  package init(before: ObjectID? = nil, tip: ObjectID? = nil, commits: Int = 0, objects: Int = 0, bytes: Int = 0) {
    (self.before, self.tip, self.commits, self.objects, self.bytes) = (before, tip, commits, objects, bytes)
  }
}

extension Store {
  /// The id of the store in a folder, whoever owns it.
  package static func id(at path: String) throws(StoreError) -> String {
    try StoreOpening(root: path, options: StoreOptions(), fileSystem: LocalFileSystem(), clock: .system)
      .readManifest().storeID
  }

  /// What a remote's branch held when it was fetched, or pushed to, last.
  package func fetched(from name: RemoteName) throws(StoreError) -> ObjectID? {
    try withRepository { repository throws(GitError) in
      try repository.reference(name.reference(of: parts.branch))
    }
  }

  /// Brings what a remote's branch holds, and looks at all of it before it gets among the store's own objects. Nothing
  /// else changes: no document, no branch of the store.
  ///
  /// - Throws: `.remote` when it cannot be reached or asks for other credentials, `.refused` when it is not who it was, or
  ///   holds what must not be let in, `.limit`, `.busy`. Nothing was taken then.
  package func fetchBlocking(
    from name: RemoteName, by connector: RemoteConnector,
    onProgress: @escaping TransferListener = { _ in }
  ) throws(StoreError) -> FetchReport {
    try parts.transfers.take { () throws(StoreError) in
      let address = try RemoteConfiguration(of: path).address(of: name)
      let before = try fetched(from: name)
      let head = try withRepository { repository throws(GitError) in try repository.reference(parts.branch) }
      let known = Array(Set([before, head].compactMap(\.self)))
      let names = known.enumerated().map { Reference("refs/heads/known-\($0.offset)", $0.element) }
      return try withTransferFolder(names) { folder throws(StoreError) in
        let work = TransferRequest.Fetch(folder: folder.path, branch: parts.branch, followed: before, known: known)
        let fetched: TransferAnswer.Fetched
        do throws(StoreError) {
          fetched = try connector.fetch(work, from: address, called: name, onProgress)
        } catch {
          throw tellingOfFolding(error, name)
        }
        if let tip = fetched.tip {
          try take(folder, tip, after: before, as: name)
          // What was known of machines stays where this fails, which keeps more: no reason for a fetch to fail.
          try? takeRegister(fetched.machines, of: name, through: tip)
        }
        return FetchReport(
          before: before, tip: fetched.tip, commits: fetched.commits, objects: fetched.objects, bytes: fetched.bytes)
      }
    }
  }

  /// Somebody who was away for long may go on from commits that are not here. To a server that cannot be told so, all of
  /// them are known, and what it sends looks as if it were damaged.
  private func tellingOfFolding(_ error: StoreError, _ name: RemoteName) -> StoreError {
    guard error.code == .refused, !parts.objects.horizon.isEmpty else { return error }
    var error = error
    error.hint =
      "Nothing was taken. What came may go on from before where this store's history was cut: "
      + "with the store closed, `git fetch --unshallow \(name)` brings all of it. Then sync."
    return error
  }

  /// The packs are durable and among the others before the ref leads to them.
  private func take(
    _ folder: TransferFolder, _ tip: ObjectID, after before: ObjectID?, as name: RemoteName
  ) throws(StoreError) {
    let packs = PackFolder(fileSystem: parts.fileSystem, path: "\(path)/\(StoreLayout.packs)")
    do {
      let taken = try folder.handOver(to: packs)
      parts.options.onSyncStep(.arrived)
      try moveReference(of: name, from: before, to: tip)
      parts.options.onSyncStep(.fetched)
      for pack in taken { try packs.release(pack) }
    } catch let error as StoreError {
      throw error
    } catch {
      throw StoreError(.unavailable, "What came from the remote could not be put on the disk.", cause: error)
    }
  }

  /// Brings the archived commits of the store to a remote's branch, unless that holds something else by now than what
  /// was fetched from it last. Nothing is ever forced.
  ///
  /// - Parameter commit: Up to which; by default all. It must be in the archive: see `Durability.committed`.
  package func pushBlocking(
    _ commit: ObjectID? = nil, to name: RemoteName, by connector: RemoteConnector,
    onProgress: @escaping TransferListener = { _ in }
  ) throws(StoreError) -> PushOutcome {
    try parts.transfers.take { () throws(StoreError) in
      let address = try RemoteConfiguration(of: path).address(of: name)
      let commit = try archived(commit)
      let expected = try fetched(from: name)
      if expected == nil { try refuseFoldedHistory(for: name) }
      return try withTransferFolder([Reference(parts.branch, commit)]) { folder throws(StoreError) in
        let work = TransferRequest.Push(
          folder: folder.path, branch: parts.branch, commit: commit, expected: expected)
        let outcome = try registering(work, at: name) { work throws(StoreError) in
          try connector.push(work, to: address, called: name, onProgress)
        }
        guard outcome == .accepted else { return outcome }
        parts.options.onSyncStep(.pushed)
        try moveReference(of: name, from: expected, to: commit)
        return outcome
      }
    }
  }

  /// What was folded here is to be kept somewhere.
  private func refuseFoldedHistory(for name: RemoteName) throws(StoreError) {
    guard parts.objects.horizon.isEmpty else {
      throw StoreError(
        .refused, "The remote '\(name)' is empty, and the beginning of this store's history is not here to be pushed.",
        hint: "With the store closed, `git fetch --unshallow` brings it from a remote that has it. Then sync.")
    }
  }

  /// A commit that the branch holds, on the disk.
  private func archived(_ commit: ObjectID?) throws(StoreError) -> ObjectID {
    let (head, isHeld) = try withRepository { repository throws(GitError) in
      let head = try repository.reference(parts.branch)
      guard let head, let commit else { return (head, true) }
      return (head, try repository.isAncestor(commit, of: head))
    }
    guard let head, isHeld else {
      throw StoreError(.conflict, "What is to be pushed is not in the archive yet.", hint: "Try again in a moment.")
    }
    return commit ?? head
  }

  private func moveReference(of name: RemoteName, from old: ObjectID?, to new: ObjectID) throws(StoreError) {
    guard old != new else { return }
    try withRepository { repository throws(GitError) in
      try repository.refreshObjects()
      let message = "daybook: \(name)"
      try repository.moveReference(name.reference(of: parts.branch), from: old, to: new, message: message)
      let tracking = name.trackingReference(of: parts.branch)
      // Whoever fetches by Git at this moment moves it as well.
      try? repository.moveReference(tracking, from: repository.reference(tracking), to: new, message: message)
    }
  }

  func withRepository<Result: Sendable>(
    _ body: (borrowing Repository) throws(GitError) -> Result
  ) throws(StoreError) -> Result {
    do {
      return try parts.objects.withRepository(body)
    } catch {
      throw StoreError(
        .unavailable, "The refs of the store could not be read or moved.", hint: "Run `git fsck` in the store.",
        cause: error)
    }
  }

  func withTransferFolder<Result>(
    _ references: [Reference], _ body: (TransferFolder) throws(StoreError) -> Result
  ) throws(StoreError) -> Result {
    guard try StoreHorizon(root: path, fileSystem: parts.fileSystem).read() == parts.objects.horizon else {
      throw StoreError(
        .refused, "Git has cut or completed the history of the store since it was opened.",
        hint: "Open the store again: stop its service, and start it.")
    }
    let folder: TransferFolder
    do {
      folder = try TransferFolder(
        root: path, name: parts.makeID().text, references: references, fileSystem: parts.fileSystem)
    } catch {
      throw StoreError(.unavailable, "There is no place on the disk for a transfer.", cause: error)
    }
    defer { folder.remove() }
    return try body(folder)
  }
}
