import CGit2

/// What went wrong between here and a remote.
package enum RemoteFailure: Error, Equatable {
  /// Nobody answers, or not as a Git server does; with libgit2's words.
  case unreachable(String)
  /// There is no repository at that address, or none for this user.
  case notFound
  case credentialsMissing
  case credentialsRefused
  /// The certificate is expired, of another host, or of an authority that nobody trusts here.
  case certificateInvalid
  case hostKeyUnknown(HostKey)
  case hostKeyChanged(HostKey)
  /// More came than was let in.
  case tooMany(objects: Int)
  case tooLarge(bytes: Int)
  /// The server does not know how to send the newest part of a history alone.
  case wholeOnly
  /// A folder with working files, into which nothing is pushed.
  case notBare
  /// Here, and not at the remote.
  case local(GitError)
}

extension RemoteFailure {
  /// Reads what libgit2 says of a call that failed.
  ///
  /// It tells little by its codes: what a server answered stands in words alone.
  static func last(_ status: Int32, _ operation: String) -> RemoteFailure {
    let error: GitError
    do {
      try check(status, operation)
      return .unreachable("")
    } catch let caught {
      error = caught
    }
    switch git_error_code(status) {
    case GIT_EAUTH: return .credentialsRefused
    case GIT_ECERTIFICATE: return .certificateInvalid
    default: break
    }
    let words = error.message
    if refusals.contains(where: words.contains) { return .credentialsRefused }
    if absences.contains(where: words.contains) { return .notFound }
    return .unreachable(words)
  }

  private static let refusals = [
    "status code: 401", "status code: 403", "authentication replays", "Failed to authenticate", "Permission denied",
  ]
  private static let absences = [
    "status code: 404", "not appear to be a git repository", "repository not found", "Repository not found",
  ]
}
