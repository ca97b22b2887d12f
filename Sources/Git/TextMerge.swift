import CGit2

/// Three versions of a file joined line by line, as Git does: where both sides changed the same lines, what each of
/// them has there stands between markers.
package struct TextMerge: Sendable {
  package let bytes: [UInt8]
  /// Whether there are markers in it.
  package let hasConflicts: Bool

  /// How the two sides are called in the markers.
  private static let (ours, theirs) = ("ours", "theirs")

  /// - Parameter base: empty for none: then all that differs is a conflict.
  package init(base: [UInt8], ours: [UInt8], theirs: [UInt8]) throws(GitError) {
    try LibGit2.ensureStarted()
    var result = unsafe git_merge_file_result()
    let status = unsafe Self.withInput(base) { base in
      unsafe Self.withInput(ours) { ours in
        unsafe Self.withInput(theirs) { theirs in
          unsafe Self.withOptions { unsafe git_merge_file(&result, base, ours, theirs, $0) }
        }
      }
    }
    try check(status, "merge a text")
    defer { unsafe git_merge_file_result_free(&result) }
    bytes = unsafe Array(UnsafeRawBufferPointer(start: result.ptr, count: result.len))
    hasConflicts = unsafe result.automergeable == 0
  }

  private static func withInput(_ bytes: [UInt8], _ body: (UnsafePointer<git_merge_file_input>) -> Int32) -> Int32 {
    unsafe bytes.withUnsafeBytes { buffer in
      var input = unsafe git_merge_file_input()
      unsafe git_merge_file_input_init(&input, UInt32(GIT_MERGE_FILE_INPUT_VERSION))
      unsafe input.ptr = unsafe buffer.baseAddress?.assumingMemoryBound(to: CChar.self)
      unsafe input.size = buffer.count
      return unsafe body(&input)
    }
  }

  private static func withOptions(_ body: (UnsafePointer<git_merge_file_options>) -> Int32) -> Int32 {
    unsafe ours.withCString { ours in
      unsafe theirs.withCString { theirs in
        var options = unsafe git_merge_file_options()
        unsafe git_merge_file_options_init(&options, UInt32(GIT_MERGE_FILE_OPTIONS_VERSION))
        unsafe options.our_label = unsafe ours
        unsafe options.their_label = unsafe theirs
        return unsafe body(&options)
      }
    }
  }
}
