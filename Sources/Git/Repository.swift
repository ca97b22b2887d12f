import CGit2

/// A Git repository, opened: the only long-lived libgit2 handle. One a thread.
///
/// Everything that leaves it is a value copied out, so nothing can outlive it.
@safe
package struct Repository: ~Copyable {
  let handle: OpaquePointer
  let database: OpaquePointer

  /// The folder that holds the `.git` folder, without a trailing slash.
  package let workingFolder: String

  /// Where its history was cut. Walks end there if the repository has a `HorizonGraph`.
  package let horizon: Horizon

  private init(handle: OpaquePointer, database: OpaquePointer, workingFolder: String, horizon: Horizon) {
    unsafe self.handle = unsafe handle
    unsafe self.database = unsafe database
    self.workingFolder = workingFolder
    self.horizon = horizon
  }

  /// Opens the repository whose working folder is `path`, reading objects that are not packed yet from `staged`.
  package static func open(
    at path: String, staged: StagedObjects, horizon: Horizon = .none
  ) throws(GitError) -> Repository {
    try LibGit2.ensureStarted()
    var handle: OpaquePointer?
    let flags = GIT_REPOSITORY_OPEN_NO_SEARCH.rawValue
    try check(unsafe git_repository_open_ext(&handle, path, flags, nil), "open the repository at \(path)")
    var database: OpaquePointer?
    do {
      try check(unsafe git_repository_odb(&database, handle), "open the object database of \(path)")
      try unsafe StagedBackend.attach(staged, to: database!)
    } catch {
      unsafe git_odb_free(database)
      unsafe git_repository_free(handle)
      throw error
    }
    return unsafe Repository(handle: handle!, database: database!, workingFolder: path, horizon: horizon)
  }

  /// Whether Git says that its history was cut.
  var isShallow: Bool { unsafe git_repository_is_shallow(handle) == 1 }

  /// Another handle on the same repository, that holds nothing open yet.
  package borrowing func reopened(staged: StagedObjects) throws(GitError) -> sending Repository {
    try Repository.open(at: workingFolder, staged: staged, horizon: horizon)
  }

  /// Makes an empty repository with a working folder at `path`, its branch called `main`.
  ///
  /// What this writes is not durable before the whole file system was synced; the caller does that.
  package static func create(at path: String) throws(GitError) {
    try LibGit2.ensureStarted()
    var options = unsafe git_repository_init_options()
    try check(
      unsafe git_repository_init_options_init(&options, UInt32(GIT_REPOSITORY_INIT_OPTIONS_VERSION)),
      "prepare a repository")
    unsafe options.flags = GIT_REPOSITORY_INIT_NO_REINIT.rawValue | GIT_REPOSITORY_INIT_MKPATH.rawValue
    var handle: OpaquePointer?
    let status = unsafe "main".withCString { branch in
      unsafe options.initial_head = branch
      return unsafe git_repository_init_ext(&handle, path, &options)
    }
    try check(status, "create a repository at \(path)")
    unsafe git_repository_free(handle)
  }

  deinit {
    unsafe git_odb_free(database)
    unsafe git_repository_free(handle)
  }
}
