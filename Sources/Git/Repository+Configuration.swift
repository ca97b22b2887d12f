import CGit2

extension Repository {
  /// A value from the repository's own configuration; nil when it is not set.
  package func configuration(_ key: String) throws(GitError) -> String? {
    var configuration: OpaquePointer?
    try check(unsafe git_repository_config_snapshot(&configuration, handle), "read the Git configuration")
    defer { unsafe git_config_free(configuration) }
    var value: UnsafePointer<CChar>?
    let status = unsafe git_config_get_string(&value, configuration, key)
    if status == GIT_ENOTFOUND.rawValue { return nil }
    try check(status, "read \(key)")
    return unsafe value.map { unsafe String(cString: $0) }
  }

  /// Sets a value in the repository's own configuration file.
  package func setConfiguration(_ key: String, to value: String) throws(GitError) {
    var configuration: OpaquePointer?
    try check(unsafe git_repository_config(&configuration, handle), "open the Git configuration")
    defer { unsafe git_config_free(configuration) }
    try check(unsafe git_config_set_string(configuration, key, value), "set \(key)")
  }

  /// The names of the remotes that the repository's own configuration knows.
  package func remoteNames() throws(GitError) -> [String] {
    var list = unsafe git_strarray()
    try check(unsafe git_remote_list(&list, handle), "list the remotes")
    defer { unsafe git_strarray_dispose(&list) }
    return unsafe (0..<list.count).compactMap { place in
      unsafe list.strings[place].map { unsafe String(cString: $0) }
    }
  }

  /// Takes a remote out of the configuration, with what branches say of it and the refs that stand for its branches.
  package func removeRemote(_ name: String) throws(GitError) {
    try check(unsafe git_remote_delete(handle, name), "remove the remote \(name)")
  }
}
