import CGit2

extension Repository {
  /// Puts the files of HEAD's commit into the working folder, to the byte, and writes the Git index that fits them.
  ///
  /// libgit2 refuses names that would lead out of the folder or into `.git`. What this writes is not durable before the
  /// whole file system was synced.
  package func checkOutHead() throws(GitError) {
    var options = unsafe git_checkout_options()
    try check(
      unsafe git_checkout_options_init(&options, UInt32(GIT_CHECKOUT_OPTIONS_VERSION)), "prepare the working files")
    unsafe options.checkout_strategy = GIT_CHECKOUT_FORCE.rawValue
    unsafe options.disable_filters = 1
    try check(unsafe git_checkout_head(handle, &options), "put the working files")
  }
}
