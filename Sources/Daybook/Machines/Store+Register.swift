import Git

extension Store {
  // MARK: What the register says

  /// Takes over where a remote's machines stand. Those that it no longer names are forgotten here; of one whose position is
  /// not here, what was known of it stays.
  func takeRegister(
    _ positions: [String: ObjectID], of name: RemoteName, through tip: ObjectID
  ) throws(StoreError) {
    try withRepository { repository throws(GitError) in
      var known: [String: ObjectID] = [:]
      for reference in try repository.references() {
        guard let entry = MachineRegister.entry(reference.name), entry.remote == "\(name)" else { continue }
        known[entry.machine] = reference.id
        if positions[entry.machine] == nil { try repository.removeReference(reference.name) }
      }
      let moved = try repository.held(positions.filter { known[$0.key] != $0.value }, by: tip)
      for (machine, commit) in moved {
        try repository.moveReference(
          MachineRegister.reference(of: machine, at: name), from: known[machine], to: commit,
          message: "daybook: \(name)")
      }
    }
  }

  // MARK: Where this machine stands

  /// Pushes with this machine's position beside the branch. A server may refuse a push as a whole for a ref that it does
  /// not know: then the branch goes alone, and the position is left out for as long as the note of it holds.
  func registering(
    _ work: TransferRequest.Push, at name: RemoteName,
    _ push: (TransferRequest.Push) throws(StoreError) -> PushOutcome
  ) throws(StoreError) -> PushOutcome {
    let note = registerNote(of: name)
    guard let machine = try? place(), note?.isRefused != true || note?.holds(for: machine, at: now) != true else {
      return try push(work)
    }
    var marked = work
    marked.mark = MachineRegister.reference(of: machine)
    let outcome = try push(marked)
    if outcome == .accepted { remember(work.commit, of: machine, at: name) }
    guard case .refused = outcome else { return outcome }
    let alone = try push(work)
    if alone == .accepted {
      keep(RegisterNote(machine: machine, triedAt: now, isRefused: true), of: name)
    }
    return alone
  }

  /// Puts this machine's position into a remote's register where no push brought it there, once a day at most: a position
  /// that is a day behind keeps a day's commits more, and a connection more with each sync would cost more than that. Whether
  /// it was taken is no matter of the sync.
  ///
  /// - Parameter commit: What both the store's branch and the remote's hold.
  func register(_ commit: ObjectID, at name: RemoteName, by connector: RemoteConnector) {
    guard let machine = try? place(), registerNote(of: name)?.holds(for: machine, at: now) != true,
      (try? reference(MachineRegister.reference(of: machine, at: name))) != commit
    else { return }
    keep(RegisterNote(machine: machine, triedAt: now), of: name)
    if (try? mark(machine, as: commit, at: name, by: connector)) == .accepted {
      remember(commit, of: machine, at: name)
    }
  }

  /// Moves our ref of this machine's position to where the remote's should be; the next fetch tells whether it is.
  private func remember(_ commit: ObjectID, of machine: String, at name: RemoteName) {
    let reference = MachineRegister.reference(of: machine, at: name)
    try? withRepository { repository throws(GitError) in
      let old = try repository.reference(reference)
      if old != commit { try repository.moveReference(reference, from: old, to: commit, message: "daybook: \(name)") }
    }
  }

  private func reference(_ name: String) throws(StoreError) -> ObjectID? {
    try withRepository { repository throws(GitError) in try repository.reference(name) }
  }

  private func registerNote(of name: RemoteName) -> RegisterNote? {
    guard let file = try? localFiles(in: RegisterNote.folder).read("\(name)") else { return nil }
    return RegisterNote(parsing: file)
  }

  /// That it cannot be kept, as on a full disk, is no reason for a sync to fail.
  private func keep(_ note: RegisterNote, of name: RemoteName) {
    try? localFiles(in: RegisterNote.folder).write(note.text.bytes, as: "\(name)")
  }

  /// - Parameter commit: nil to take the machine off the register.
  func mark(
    _ machine: String, as commit: ObjectID?, at name: RemoteName, by connector: RemoteConnector
  ) throws(StoreError) -> PushOutcome {
    try parts.transfers.take { () throws(StoreError) in
      let address = try RemoteConfiguration(of: path).address(of: name)
      let held = commit.map { [Reference(parts.branch, $0)] } ?? []
      return try withTransferFolder(held) { folder throws(StoreError) in
        let mark = TransferRequest.Mark(
          folder: folder.path, branch: parts.branch, name: MachineRegister.reference(of: machine), commit: commit)
        return try connector.mark(mark, at: address, called: name)
      }
    }
  }
}
