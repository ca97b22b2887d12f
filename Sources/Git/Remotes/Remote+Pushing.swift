import CGit2

/// What a remote made of a push.
package enum PushOutcome: Equatable, Sendable {
  /// The branch holds the commit.
  case accepted
  /// The branch holds something else than was expected: somebody pushed first. Nothing was changed.
  case lostRace
  /// The server said no, with its words: a protected branch, a hook. Nothing was changed.
  case refused(String)
}

extension Remote {
  /// Brings a branch of the repository to the remote's branch of the same name, which must still hold `expected` (nil:
  /// not be there). Nothing is ever forced.
  ///
  /// - Parameters:
  ///   - commit: What the repository's branch holds.
  ///   - mark: A ref of the remote that is to hold the same, whatever it held. What becomes of that is not told.
  package func push(
    _ branch: String, _ commit: ObjectID, expecting expected: ObjectID?, marking mark: String? = nil
  ) throws(RemoteFailure) -> PushOutcome {
    let found = try listing().id(of: branch)
    if found == commit { return .accepted }
    guard found == expected else { return .lostRace }
    let specs = ["\(branch):\(branch)"] + (mark.map { ["+\(branch):\($0)"] } ?? [])
    let status = try upload(specs)
    if status == GIT_ENONFASTFORWARD.rawValue { return .lostRace }
    return try outcome(of: branch, status)
  }

  /// Lets a ref of the remote hold a commit, whatever it held; with none it is taken away.
  ///
  /// - Parameter branch: Holds the commit in the repository.
  package func mark(_ mark: String, as commit: ObjectID?, of branch: String) throws(RemoteFailure) -> PushOutcome {
    if try listing().id(of: mark) == commit { return .accepted }
    let status = try upload([commit == nil ? ":\(mark)" : "+\(branch):\(mark)"])
    return try outcome(of: mark, status)
  }

  private func upload(_ specs: [String]) throws(RemoteFailure) -> Int32 {
    var options = unsafe git_push_options()
    try conversation.check(unsafe git_push_options_init(&options, UInt32(GIT_PUSH_OPTIONS_VERSION)), "push")
    unsafe options.callbacks = try unsafe conversation.callbacks()
    unsafe options.follow_redirects = GIT_REMOTE_REDIRECT_NONE
    return unsafe withList(of: specs) { [handle] list in
      unsafe git_remote_upload(handle, list, &options)
    }
  }

  /// What the server said of a ref.
  private func outcome(of reference: String, _ status: Int32) throws(RemoteFailure) -> PushOutcome {
    if let verdict = conversation.verdicts[reference] { return Self.outcome(verdict) }
    try conversation.check(status, "push")
    throw .unreachable("the server did not say what became of the push")
  }

  static func outcome(_ words: String?) -> PushOutcome {
    guard let words else { return .accepted }
    return races.contains(where: words.contains) ? .lostRace : .refused(words)
  }

  /// How servers say that a branch holds something else by now.
  private static let races = [
    "non-fast-forward", "fetch first", "failed to update ref", "failed to lock", "cannot lock ref", "stale info",
    "incorrect old value", "reference already exists",
  ]
}
