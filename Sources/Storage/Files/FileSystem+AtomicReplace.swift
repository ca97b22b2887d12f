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

  /// Puts a new content in the place of a file, as `atomicallyReplace` does, unless somebody touched that file after its
  /// status was taken: then it stays, and the answer is false. What they wrote is never gone, not even for a moment that a
  /// crash could make last.
  package func atomicallyReplace(
    _ path: String, with bytes: Span<UInt8>, ifStill expected: FileStatus
  ) throws(FileError) -> Bool {
    let temporary = temporaryPath(beside: path)
    do {
      try create(temporary, bytes: bytes, permissions: 0o644, durable: false)
      try exchange(temporary, with: path)
    } catch {
      if !error.isExisting || error.operation != .create { try? remove(temporary) }
      guard error.operation == .exchange, error.isUnsupported else { throw error }
      try atomicallyReplace(path, with: bytes, durable: false)
      return true
    }
    guard try isUntouched(temporary, expected) else {
      // Theirs comes back, whatever becomes of ours.
      try rename(temporary, to: path)
      return false
    }
    try remove(temporary)
    return true
  }

  /// Puts a content under a path where nothing is. Should somebody have put something there meanwhile, that stays, and the
  /// answer is false.
  package func atomicallyCreate(_ path: String, with bytes: Span<UInt8>) throws(FileError) -> Bool {
    let temporary = temporaryPath(beside: path)
    do {
      try create(temporary, bytes: bytes, permissions: 0o644, durable: false)
      try rename(temporary, toFree: path)
      return true
    } catch {
      if !error.isExisting || error.operation != .create { try? remove(temporary) }
      guard error.operation == .rename else { throw error }
      if error.isExisting { return false }
      guard error.isUnsupported else { throw error }
      try atomicallyReplace(path, with: bytes, durable: false)
      return true
    }
  }

  /// Removes a file, unless somebody touched it after its status was taken: then it stays, and the answer is false.
  package func atomicallyRemove(_ path: String, ifStill expected: FileStatus) throws(FileError) -> Bool {
    let aside = temporaryPath(beside: path)
    try rename(path, to: aside)
    do {
      if try isUntouched(aside, expected) {
        try remove(aside)
        return true
      }
    } catch {
      try? putBack(aside, to: path)
      throw error
    }
    try putBack(aside, to: path)
    return false
  }

  private func putBack(_ aside: String, to path: String) throws(FileError) {
    do {
      try rename(aside, toFree: path)
    } catch  where error.isExisting {
      // Theirs is there in a newer form.
      try remove(aside)
    } catch  where error.isUnsupported {
      try rename(aside, to: path)
    }
  }

  /// A rename changes neither of these.
  private func isUntouched(_ path: String, _ expected: FileStatus) throws(FileError) -> Bool {
    let status = try status(path)
    return status?.inode == expected.inode && status?.size == expected.size
      && status?.modifiedNanoseconds == expected.modifiedNanoseconds
  }

  /// A name that no other writer chose: hidden, so that those who list documents skip one that a crash left behind.
  package func temporaryPath(beside path: String) -> String {
    let name = path.split(separator: "/").last ?? ""
    return "\(parentPath(of: path))/\(AtomicReplacement.temporaryName(for: name))"
  }
}

/// The names of the temporary files that `atomicallyReplace` makes, and a crash may leave: `.name.1y2p0ij32e8e7.tmp`.
package enum AtomicReplacement {
  private static let radix = 36
  private static let longestNumber = 13
  private static let suffix = ".tmp"
  private static let keptCharacters = 100

  static func temporaryName(for name: some StringProtocol) -> String {
    ".\(name.prefix(keptCharacters)).\(String(UInt64.random(in: .min ... .max), radix: radix))\(suffix)"
  }

  /// Whether a file may be one of these for this name.
  package static func isTemporary(_ file: String, for name: some StringProtocol) -> Bool {
    isTemporary(file) && file.hasPrefix(".\(name.prefix(keptCharacters)).")
      && !file.dropFirst(name.prefix(keptCharacters).count + 2).dropLast(suffix.count).contains(".")
  }

  /// Whether a file may be one of these.
  package static func isTemporary(_ name: String) -> Bool {
    guard name.hasPrefix("."), name.hasSuffix(suffix) else { return false }
    let parts = name.dropFirst().dropLast(suffix.count).split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count >= 2, let number = parts.last else { return false }
    return number.utf8.count <= longestNumber && UInt64(number, radix: radix) != nil
  }
}

/// The directory that holds a path: "a/b" for "a/b/c", "." for "c", "/" for "/c".
package func parentPath(of path: String) -> String {
  guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
  return slash == path.startIndex ? "/" : String(path[..<slash])
}
