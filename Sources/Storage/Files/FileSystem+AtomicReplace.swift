extension FileSystem {
  /// Puts a new content under a path so that everyone sees either the old content or the new one, never a mixture and
  /// never nothing, also after a crash.
  ///
  /// The bytes go to a temporary file beside the path, which is then renamed onto it. When `durable`, the file is synced
  /// before the rename and the directory after it. After an error the temporary file is gone and the path holds the old
  /// content, or the new one if only the last sync failed.
  package func atomicallyReplace(
    _ path: String, with bytes: Span<UInt8>, permissions: UInt32 = 0o644, durable: Bool
  ) throws(FileError) {
    let temporary = temporaryPath(beside: path)
    do {
      try create(temporary, bytes: bytes, permissions: permissions, durable: durable)
      try rename(temporary, to: path)
    } catch {
      // The first error is the one worth telling; that the clean-up failed too changes nothing for the caller.
      if !error.isExisting || error.operation != .create { try? remove(temporary) }
      throw error
    }
    if durable { try syncDirectory(parentPath(of: path)) }
  }

  /// A name that no other writer chose: hidden, so that those who list documents skip one that a crash left behind.
  private func temporaryPath(beside path: String) -> String {
    let name = path.split(separator: "/").last ?? ""
    return "\(parentPath(of: path))/.\(name.prefix(100)).\(String(UInt64.random(in: .min ... .max), radix: 36)).tmp"
  }
}

/// The directory that holds a path: "a/b" for "a/b/c", "." for "c", "/" for "/c".
package func parentPath(of path: String) -> String {
  guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
  return slash == path.startIndex ? "/" : String(path[..<slash])
}
