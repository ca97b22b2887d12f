import Git

/// A machine that syncs with a remote, as that remote's register said when it was fetched last.
package struct RegisteredMachine: Equatable, Sendable {
  /// Which copy of the store it is: see `Store.place`.
  package let name: String
  package let remote: String
  /// Up to where it surely has what the remote has.
  package let position: CommitPosition
  /// Whether it is this one.
  package let isThis: Bool
}

/// A commit, and what people know it by.
package struct CommitPosition: Equatable, Sendable {
  package let commit: CommitID
  /// Its place in the total order of commits; nil for one that another program made.
  package let sequence: UInt64?
  /// When it was made.
  package let seconds: Int64

  init(_ id: ObjectID, in repository: borrowing Repository) throws(GitError) {
    let commit = try repository.commit(id)
    (self.commit, sequence, seconds) = (CommitID(id), CommitSequences.said(by: commit), commit.committer.seconds)
  }
}

extension Store {
  /// The machines of all remotes' registers, by remote and name.
  package func machines() throws(StoreError) -> [RegisteredMachine] {
    let own = try place()
    return try withRepository { repository throws(GitError) in
      var machines: [RegisteredMachine] = []
      for reference in try repository.references().sorted(by: { $0.name < $1.name }) {
        guard let entry = MachineRegister.entry(reference.name) else { continue }
        machines.append(
          RegisteredMachine(
            name: entry.machine, remote: entry.remote, position: try CommitPosition(reference.id, in: repository),
            isThis: entry.machine == own))
      }
      return machines
    }
  }

  /// Takes a machine off a remote's register, for one that will not come back. One that syncs again is on it again.
  ///
  /// - Throws: `.notFound` for a machine that the register did not name when the remote was fetched last; `.remote` when the
  ///   remote keeps it.
  package func forgetMachineBlocking(
    _ machine: String, at name: RemoteName, by connector: RemoteConnector
  ) throws(StoreError) {
    guard try machines().contains(where: { $0.name == machine && $0.remote == "\(name)" }) else {
      throw StoreError(
        .notFound, "The register of '\(name)' names no machine '\(machine)'.",
        hint: "`daybook remote machines` shows those that it named at the last sync.")
    }
    let outcome = try mark(machine, as: nil, at: name, by: connector)
    if case .refused(let words) = outcome {
      throw StoreError(.remote, "The remote '\(name)' does not let a machine be forgotten: \(words)")
    }
    try withRepository { repository throws(GitError) in
      try repository.removeReference(MachineRegister.reference(of: machine, at: name))
    }
  }
}
