package import Git

/// What is to be done at a remote. It carries the credential: it goes over a pipe, and never into an argument or a log.
package struct TransferRequest: Equatable, Sendable {
  package enum Work: Equatable, Sendable {
    /// To see what is there.
    case look
    /// To bring a branch into a repository of its own, and look at all that came.
    case fetch(Fetch)
    case push(Push)
    /// To let a ref of the remote say where this machine stands.
    case mark(Mark)
  }

  package struct Fetch: Equatable, Sendable {
    /// The repository that takes what comes.
    package var folder: String
    /// In full, such as `refs/heads/main`.
    package var branch: String
    /// What the branch held when it was fetched last.
    package var followed: ObjectID?
    /// Commits that are here, with all before them.
    package var known: [ObjectID]
    /// How many commits in a row are to come at most, where nothing is known; nil for all. What the history is cut at is
    /// noted in the repository.
    package var depth: Int?
  }

  package struct Push: Equatable, Sendable {
    /// The repository whose branch is pushed.
    package var folder: String
    package var branch: String
    package var commit: ObjectID
    /// What the remote's branch must hold; nil for nothing.
    package var expected: ObjectID?
    /// A ref of the remote that is to hold the commit as well, if the remote lets it.
    package var mark: String?
  }

  package struct Mark: Equatable, Sendable {
    /// The repository that has the commit.
    package var folder: String
    /// What holds the commit there.
    package var branch: String
    /// The ref of the remote, in full.
    package var name: String
    /// What it is to hold, whatever it held; nil for nothing: it is taken away.
    package var commit: ObjectID?
  }

  package var address: RemoteAddress
  package var credential: Credential?
  package var trust: RemoteTrust
  package var work: Work

  package init(_ work: Work, at address: RemoteAddress, credential: Credential?, trust: RemoteTrust) {
    (self.work, self.address, self.credential, self.trust) = (work, address, credential, trust)
  }
}

/// By what servers are recognized.
package struct RemoteTrust: Equatable, Sendable {
  /// A file with the only authorities whose certificates count; nil for the system's.
  package var authorities: String?
  /// The file with the keys of ssh servers; nil where there is none.
  package var knownHosts: String?

  package init(authorities: String? = nil, knownHosts: String? = nil) {
    (self.authorities, self.knownHosts) = (authorities, knownHosts)
  }

  private static let authoritiesVariable = "DAYBOOK_REMOTE_CA_FILE"
  private static let knownHostsVariable = "DAYBOOK_SSH_KNOWN_HOSTS"

  /// What the variables name, else the system's authorities and `~/.ssh/known_hosts`.
  package init(environment: [String: String]) {
    func value(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
    authorities = value(Self.authoritiesVariable)
    knownHosts = value(Self.knownHostsVariable) ?? value("HOME").map { $0 + "/.ssh/known_hosts" }
  }
}

/// What came of a request.
package enum TransferAnswer: Equatable, Sendable {
  case seen(Remote.Listing)
  case fetched(Fetched)
  case pushed(PushOutcome)

  package struct Fetched: Equatable, Sendable {
    /// What the branch holds; nil where the remote has no such branch.
    package var tip: ObjectID?
    package var commits = 0
    package var objects = 0
    package var bytes = 0
    /// Where machines stand, as the remote's register says: see `MachineRegister`.
    package var machines: [String: ObjectID] = [:]
  }
}

/// Is told how far a transfer is, on the thread that waits for it.
package typealias TransferListener = @Sendable (TransferProgress) -> Void

/// Who carries out transfers: a process of its own that cannot take more than it is given, or this one.
package protocol Transport: Sendable {
  /// Blocks until it is done.
  func carryOut(
    _ request: TransferRequest, onProgress: @escaping TransferListener
  ) throws(StoreError) -> TransferAnswer
}

/// Transfers within this process, for programs that cannot start others. A server that falls silent holds the thread
/// up, and what a pack takes to unpack is this process's memory.
package struct InProcessTransport: Transport {
  package init() {}

  package func carryOut(
    _ request: TransferRequest, onProgress: @escaping TransferListener
  ) throws(StoreError) -> TransferAnswer {
    try TransferRun(request: request, onProgress: onProgress).answer()
  }
}
