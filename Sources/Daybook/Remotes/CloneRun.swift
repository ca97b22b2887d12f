import Git
package import Storage

/// Makes a store of what a remote holds: all of it, or nothing.
///
/// ```
/// remote looked at ─▶ hidden folder of `StoreTarget`: what came, fetched and looked at as for a sync, where its history
///   is cut, ref, files ─▶ opened once ─▶ remote configured ─▶ named
/// ```
struct CloneRun {
  private let setup: RemoteSetup
  private let target: StoreTarget
  private let depth: Int?
  private let options: StoreOptions
  private let fileSystem: any FileSystem
  private let connector: RemoteConnector
  private let onProgress: SyncProgress.Listener

  init(
    _ setup: RemoteSetup, to target: String, depth: Int?, options: StoreOptions, fileSystem: any FileSystem,
    by connector: RemoteConnector, onProgress: @escaping SyncProgress.Listener
  ) {
    (self.setup, self.fileSystem, self.onProgress) = (setup, fileSystem, onProgress)
    self.depth = depth.map { min(max(1, $0), Limits.deepestClone) }
    self.target = StoreTarget(target, fileSystem: fileSystem)
    var options = options
    // What the folder holds is what came.
    options.handEdits = .whenAsked
    self.options = options
    var connector = connector
    if let credential = setup.credential { connector.credential = { _, _ in credential } }
    self.connector = connector
  }

  func run() throws(StoreError) -> CloneReport {
    try target.check()
    let branch = try connector.look(at: setup.address, called: setup.name).storeBranch(of: setup.address)
    return try target.make { folder in
      try bring(branch, to: folder)
      let opened = try open(folder)
      try setup.add(toStoreAt: folder, environment: options.environment)
      try RemoteConfiguration(of: folder).follow(branch, of: setup.name)
      return CloneReport(
        path: target.path, status: opened.status, beginning: opened.beginning, keyRing: opened.keyRing)
    }
  }

  /// Fetches the branch, and puts its files into the folder.
  private func bring(_ branch: String, to folder: String) throws {
    let assembly = StoreAssembly(root: folder, fileSystem: fileSystem)
    try assembly.makeRepository()
    let transfer = try TransferFolder(root: folder, name: "clone", references: [], fileSystem: fileSystem)
    defer { transfer.remove() }
    let work = TransferRequest.Fetch(folder: transfer.path, branch: branch, followed: nil, known: [], depth: depth)
    let fetched = try connector.fetch(work, from: setup.address, called: setup.name) { [onProgress] progress in
      onProgress(SyncProgress(progress))
    }
    guard let tip = fetched.tip else { throw StoreError.emptyRemote(setup.address) }
    let packs = PackFolder(fileSystem: fileSystem, path: "\(folder)/\(StoreLayout.packs)")
    let taken = try transfer.handOver(to: packs)
    let horizon = try TransferFolder.horizon(at: transfer.path)
    if !horizon.isEmpty { try StoreHorizon(root: folder, fileSystem: fileSystem).move(to: horizon) }
    let names = [branch, setup.name.reference(of: branch), setup.name.trackingReference(of: branch)]
    let positions = positions(fetched.machines, through: tip, in: folder)
    try assembly.complete(names.map { Reference($0, tip) } + positions, branch: branch)
    for pack in taken { try packs.release(pack) }
  }

  /// Where other machines stand. The first sync asks again, so it may be that this is not found out.
  private func positions(_ machines: [String: ObjectID], through tip: ObjectID, in folder: String) -> [Reference] {
    do throws(GitError) {
      let held = try Repository.open(at: folder, staged: StagedObjects()).held(machines, by: tip)
      return held.map { Reference(MachineRegister.reference(of: $0.key, at: setup.name), $0.value) }
    } catch {
      return []
    }
  }

  /// Opens the store, as its owner will. Closing it leaves what makes the next opening quick.
  private func open(
    _ folder: String
  ) throws(StoreError) -> (status: StoreStatus, beginning: UInt64?, keyRing: String) {
    let store = try StoreOpening(root: folder, options: options, fileSystem: fileSystem, clock: .system).open()
    let status: StoreStatus
    do throws(StoreError) {
      status = try store.status()
    } catch {
      try? store.closeBlocking()
      throw error
    }
    let beginning = store.snapshot().beginning
    try store.closeBlocking()
    return (status, beginning, "\(KeyRing.Location(storeID: status.storeID, environment: options.environment))")
  }
}

/// What cloning a store came to.
package struct CloneReport: Sendable {
  /// Where the store is.
  package let path: String
  package let sequence: UInt64
  package let commit: CommitID?
  /// How many there are.
  package let documents: Int
  /// The sequence that the history begins with; nil where it is whole.
  package let beginning: UInt64?
  /// Where this machine keeps the store's key ring, or would.
  package let keyRing: String
  /// Why the store's secrets cannot be opened here, if they cannot.
  package let keyProblem: StoreError?

  fileprivate init(path: String, status: StoreStatus, beginning: UInt64?, keyRing: String) {
    (self.path, self.beginning, self.keyRing) = (path, beginning, keyRing)
    (sequence, commit, keyProblem) = (status.sequence, status.commit, status.keyProblem)
    documents = status.documents.reduce(0) { $0 + $1.count }
  }
}

extension Store {
  /// Makes a store of what a remote holds, with its history or the newest part of that, its schemas and its id; the remote
  /// is configured in it.
  ///
  /// What comes is fetched and looked at as for a sync. The store is made beside the target and gets its name when it
  /// is whole and was opened once: so it is there, or nothing is.
  ///
  /// - Parameters:
  ///   - setup: The remote. What opens it is kept outside of the store, as `daybook remote add` does.
  ///   - target: A folder that is absent or empty.
  ///   - depth: How many commits in a row to take at most; nil for all. More come where the history cannot begin there.
  ///   - connector: Its credential counts where the setup has none.
  /// - Throws: `.refused` when the folder is not empty, or the remote holds what must not be let in; `.notFound` when
  ///   it holds no store; `.newerFormat`; what `fetchBlocking` throws; `.unavailable` when the disk fails.
  package static func cloneBlocking(
    _ setup: RemoteSetup, to target: String, depth: Int? = nil, options: StoreOptions, by connector: RemoteConnector,
    fileSystem: any FileSystem = LocalFileSystem(), onProgress: @escaping SyncProgress.Listener = { _ in }
  ) throws(StoreError) -> CloneReport {
    try CloneRun(
      setup, to: target, depth: depth, options: options, fileSystem: fileSystem, by: connector, onProgress: onProgress
    ).run()
  }
}

extension Remote.Listing {
  /// The branch that a clone takes: that of HEAD; where HEAD names none that is there, `main`, or the only one.
  func storeBranch(of address: RemoteAddress) throws(StoreError) -> String {
    let branches = references.map(\.name).filter { $0.hasPrefix("refs/heads/") }
    if let found = [head, "refs/heads/main"].compactMap(\.self).first(where: branches.contains) { return found }
    guard let only = branches.first else { throw StoreError.emptyRemote(address) }
    guard branches.count == 1 else {
      throw StoreError(
        .refused, "\(address) has \(branches.count) branches, and its HEAD names none of them.",
        hint: "Let HEAD there name the store's: `git symbolic-ref HEAD refs/heads/…`.")
    }
    return only
  }
}

extension StoreError {
  fileprivate static func emptyRemote(_ address: RemoteAddress) -> StoreError {
    StoreError(
      .notFound, "There is no store at \(address): it is empty.",
      hint: "Make one with `daybook init`, then `daybook remote add origin \(address)` and `daybook sync` in it.")
  }
}
