package import Git
import Storage

/// Carries out one transfer, in whichever process.
package struct TransferRun {
  private let request: TransferRequest
  private let onProgress: (TransferProgress) -> Void
  private let limits = TransferLimits(bytes: Limits.transferBytes, objects: Limits.transferObjects)

  package init(request: TransferRequest, onProgress: @escaping (TransferProgress) -> Void) {
    (self.request, self.onProgress) = (request, onProgress)
  }

  package func answer() throws(StoreError) -> TransferAnswer {
    let access = try access()
    do {
      switch request.work {
      case .look: return .seen(try look(access))
      case .fetch(let fetch): return .fetched(try self.fetch(fetch, access))
      case .push(let push): return .pushed(try self.push(push, access))
      case .mark(let mark): return .pushed(try self.mark(mark, access))
      }
    } catch let error as StoreError {
      throw error
    } catch let failure as RemoteFailure {
      throw StoreError(failure, at: request.address)
    } catch let fault as ArrivalFault {
      throw StoreError(fault, from: request.address)
    } catch {
      throw StoreError(.unavailable, "What the transfer needs on this machine cannot be used.", cause: error)
    }
  }

  private func look(_ access: RemoteAccess) throws(RemoteFailure) -> Remote.Listing {
    if access.address.scheme == .folder { return try FolderRemote(access.address, LocalPackStorage()).listing() }
    return try Remote(looking: access).listing()
  }

  private func access() throws(StoreError) -> RemoteAccess {
    let address = request.address
    do {
      if let file = request.trust.authorities { try TransferProcess.trust(authoritiesIn: file) }
    } catch {
      throw StoreError(.usage, "The file of authorities cannot be used.", hint: "Name a PEM file.", cause: error)
    }
    let hosts = KnownHosts(parsing: try knownHosts())
    return RemoteAccess(address, credential: request.credential) { key in
      hosts.verdict(on: key, of: address.host, port: address.effectivePort ?? 0)
    }
  }

  /// A file that is not there knows nobody.
  private func knownHosts() throws(StoreError) -> String {
    guard request.address.scheme == .ssh, let file = request.trust.knownHosts else { return "" }
    let fileSystem = LocalFileSystem()
    do throws(FileError) {
      return String(
        decoding: try fileSystem.read(fileSystem.followingLinks(file), limit: Limits.knownHostsBytes), as: UTF8.self)
    } catch {
      if error.isMissing { return "" }
      throw StoreError(.unavailable, "The keys of ssh servers in \(file) cannot be read.", cause: error)
    }
  }

  private func fetch(_ fetch: TransferRequest.Fetch, _ access: RemoteAccess) throws -> TransferAnswer.Fetched {
    var fetched = try download(fetch, access)
    guard let tip = fetched.tip else { return fetched }
    let repository = try open(fetch.folder)
    if fetch.known.isEmpty { try requireStore(at: tip, in: repository) }
    fetched.commits = try repository.inspectArrivals(
      through: tip, following: fetch.followed, known: fetch.known, .ofStores, onProgress: onProgress)
    return fetched
  }

  /// What is no store, or one of a newer program's, is told before all of it is looked at: then it is not refused for
  /// some link or program in it.
  private func requireStore(at tip: ObjectID, in repository: borrowing Repository) throws {
    do {
      let root = try repository.tree(try repository.commit(tip).tree)
      guard let manifest = root.file(named: Array(StoreLayout.manifest.utf8)) else {
        throw StoreError(
          .notFound, "There is no store at \(request.address): its branch has no \(StoreLayout.manifest).",
          hint: "It is some other Git repository. `daybook init` makes a store.")
      }
      _ = try Manifest(parsing: repository.blob(manifest))
    } catch let error as GitError {
      throw ArrivalFault.unreadable(error)
    } catch let error as StoreError where error.code == .damaged {
      throw StoreError(
        .damaged, "What \(request.address) holds is no sound store. \(error.message)",
        hint: "Mend it where it was pushed from.")
    }
  }

  /// A history that is cut begins with commits that say their own places: the order of commits would begin anew with
  /// others. So it is asked for more as long as it does not.
  private func download(_ fetch: TransferRequest.Fetch, _ access: RemoteAccess) throws -> TransferAnswer.Fetched {
    var depth = fetch.depth
    while true {
      let (fetched, horizon) = try download(fetch, access, depth: depth)
      guard let reached = depth else { return fetched }
      if try isBeginning(horizon, of: fetch.folder) { return fetched }
      depth = reached < Limits.deepestCut ? reached * Limits.cutGrowth : nil
      try TransferFolder.empty(fetch.folder)
    }
  }

  /// Cuts what came, and answers whether it can begin there. A server may have named what it did not send.
  private func isBeginning(_ horizon: Horizon, of folder: String) throws -> Bool {
    do {
      try TransferFolder.cut(folder, at: horizon)
      let repository = try open(folder)
      let beginnings = try horizon.borders.map { id throws(GitError) in try repository.commit(id) }
      return beginnings.allSatisfy { CommitSequences.said(by: $0) != nil }
    } catch let error as GitError {
      throw ArrivalFault.unreadable(error)
    }
  }

  private func download(
    _ fetch: TransferRequest.Fetch, _ access: RemoteAccess, depth: Int?
  ) throws -> (TransferAnswer.Fetched, Horizon) {
    let repository = try open(fetch.folder)
    if access.address.scheme == .folder {
      let remote = try FolderRemote(access.address, LocalPackStorage())
      let listing = try remote.listing()
      guard let tip = listing.id(of: fetch.branch) else { return (TransferAnswer.Fetched(), .none) }
      let (objects, horizon) = try remote.download(
        tip, known: fetch.known, depth: depth, into: repository, limits: limits, onProgress: onProgress)
      let machines = MachineRegister.positions(in: listing)
      return (TransferAnswer.Fetched(tip: tip, objects: objects, machines: machines), horizon)
    }
    let remote = try Remote(.fetching, access, for: repository, depth: depth, limits: limits, onProgress: onProgress)
    let listing = try remote.listing()
    guard let tip = listing.id(of: fetch.branch) else { return (TransferAnswer.Fetched(), .none) }
    let machines = MachineRegister.positions(in: listing)
    guard !fetch.known.contains(tip) else { return (TransferAnswer.Fetched(tip: tip, machines: machines), .none) }
    let (objects, bytes, horizon) = try remote.download(fetch.branch)
    return (TransferAnswer.Fetched(tip: tip, objects: objects, bytes: bytes, machines: machines), horizon)
  }

  private func open(_ folder: String) throws -> Repository {
    try Repository.open(at: folder, staged: StagedObjects(), horizon: TransferFolder.horizon(at: folder))
  }

  private func push(_ push: TransferRequest.Push, _ access: RemoteAccess) throws -> PushOutcome {
    let repository = try open(push.folder)
    if access.address.scheme == .folder {
      return try FolderRemote(access.address, LocalPackStorage()).push(
        push.branch, push.commit, expecting: push.expected, marking: push.mark, of: repository, onProgress: onProgress)
    }
    let remote = try Remote(.pushing, access, for: repository, limits: limits, onProgress: onProgress)
    return try remote.push(push.branch, push.commit, expecting: push.expected, marking: push.mark)
  }

  private func mark(_ mark: TransferRequest.Mark, _ access: RemoteAccess) throws -> PushOutcome {
    if access.address.scheme == .folder {
      return try FolderRemote(access.address, LocalPackStorage()).mark(mark.name, as: mark.commit)
    }
    let repository = try open(mark.folder)
    let remote = try Remote(.pushing, access, for: repository, limits: limits, onProgress: onProgress)
    return try remote.mark(mark.name, as: mark.commit, of: mark.branch)
  }
}

extension ArrivalRules {
  /// What a store lets in.
  static let ofStores = ArrivalRules(fileBytes: Limits.arrivingFileBytes, commits: Limits.arrivingCommits) { commit in
    guard let sequence = commit.trailer(CommitMessage.sequenceKey).flatMap({ UInt64($0) }),
      sequence > Limits.largestSequence
    else { return nil }
    return "says that its sequence is \(sequence), which no store reaches"
  }
}

extension TransferRun {
  /// Bounds what libgit2 takes of a process that does nothing but a transfer.
  package static func boundProcess() throws(StoreError) {
    do {
      try TransferProcess.limit(objects: Limits.transferObjects)
    } catch {
      throw StoreError(.unavailable, "The process of a transfer could not be limited.", cause: error)
    }
  }
}
