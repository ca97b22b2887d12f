import CGit2

/// What libgit2, or our own reading of a Git file, found wrong.
package struct GitError: Error, Equatable, CustomStringConvertible {
  /// The kinds of failure that callers tell apart; all else is `failed`.
  package enum Code: Sendable {
    case notFound, alreadyExists, locked, moved, damaged, cancelled, failed
  }

  package var code: Code
  /// What was being done, such as "read object 3f2a…".
  package var operation: String
  package var message: String

  package init(_ code: Code, _ operation: String, _ message: String) {
    self.code = code
    self.operation = operation
    self.message = message
  }

  package var description: String { "\(operation): \(message)" }
}

/// The one checked call: throws what libgit2 says of a negative status.
///
/// libgit2 keeps its last error per thread, and may leave it empty; it is read and cleared at once, so that no
/// later failure is explained by an older one.
func check(_ status: Int32, _ operation: @autoclosure () -> String) throws(GitError) {
  guard status < 0 else { return }
  let last = unsafe git_error_last()
  let message: String
  if let last = unsafe last, let text = unsafe last.pointee.message {
    message = unsafe String(cString: text)
  } else {
    message = "libgit2 error \(status)"
  }
  git_error_clear()
  throw GitError(code(of: status), operation(), message)
}

private func code(of status: Int32) -> GitError.Code {
  switch git_error_code(status) {
  case GIT_ENOTFOUND: .notFound
  case GIT_EEXISTS: .alreadyExists
  case GIT_ELOCKED: .locked
  case GIT_EMODIFIED: .moved
  default: .failed
  }
}

/// Starts libgit2 once for the process, with syncing of what it writes itself (refs, configuration) switched on.
///
/// libgit2 1.5 ignores `core.fsync`; only this process-wide option makes its own writes durable.
enum LibGit2 {
  private static let start: Int32 = {
    let status = git_libgit2_init()
    daybook_git_enable_fsync()
    daybook_git_ignore_outside_configuration()
    return status
  }()

  static func ensureStarted() throws(GitError) {
    try check(start, "start libgit2")
  }
}
