import Storage

/// A folder in which a whole store is to be made of what comes from elsewhere: in the end it is there, or nothing is.
///
/// ```
/// target looked at ─▶ hidden folder beside it, with .git/daybook/making locked ─▶ whatever makes the store ─▶
///   synced ─▶ named
/// ```
///
/// Whoever is killed leaves the hidden folder. Nobody holds the lock in it then, so the next one that makes a store for
/// the same target knows that it is left behind, and removes it.
struct StoreTarget {
  let path: String
  private let fileSystem: any FileSystem

  init(_ path: String, fileSystem: any FileSystem) {
    // A name is given at the end, and one that ends in "/" is none.
    self.path = path.hasSuffix("/") && path != "/" ? String(path.dropLast()) : path
    self.fileSystem = fileSystem
  }

  private var name: Substring { path.split(separator: "/").last ?? "" }

  /// Lends a hidden folder in which a store is to be made, and gives that its name when it is whole.
  func make<Result>(_ build: (_ folder: String) throws -> Result) throws(StoreError) -> Result {
    try check()
    removeLeftovers()
    let folder = fileSystem.temporaryPath(beside: path)
    do {
      let lock = try claim(folder)
      defer { lock.close() }
      let result = try build(folder)
      try fileSystem.syncFileSystem(folder)
      try check()
      try fileSystem.rename(folder, to: path)
      try fileSystem.syncDirectory(parentPath(of: path))
      // One that stays says nothing: only hidden folders are looked at for it.
      try? fileSystem.remove("\(path)/\(StoreLayout.making)")
      return result
    } catch {
      // The first error is the one worth telling.
      try? fileSystem.removeAll(folder)
      throw failure(error)
    }
  }

  /// Only an absent or an empty folder is taken.
  func check() throws(StoreError) {
    guard !name.isEmpty, name != ".", name != ".." else {
      throw StoreError(.usage, "'\(path)' has no name of its own.", hint: "Name the folder from the one above it.")
    }
    do {
      guard let status = try fileSystem.status(path) else { return }
      guard status.kind == .directory else {
        throw StoreError(.refused, "\(path) is not a folder.", hint: "Name one that is absent or empty.")
      }
      guard try fileSystem.list(path).isEmpty else {
        throw StoreError(
          .refused, "The folder \(path) is not empty.",
          hint: "Name one that is absent or empty: what is there stays as it is.")
      }
    } catch let error as StoreError {
      throw error
    } catch {
      throw StoreError(.unavailable, "The folder \(path) cannot be looked at.", cause: error)
    }
  }

  private func failure(_ error: any Error) -> StoreError {
    if let error = error as? StoreError { return error }
    return StoreError(
      .unavailable, "The store could not be made in \(path); nothing is there.",
      hint: "Check the disk, and who owns the folder.",
      cause: error)
  }

  // MARK: The hidden folder

  private func claim(_ folder: String) throws -> any File {
    try fileSystem.makeDirectory("\(folder)/\(StoreLayout.local)")
    switch try fileSystem.lock("\(folder)/\(StoreLayout.making)", owner: "") {
    case .acquired(let lock): return lock
    case .heldByAnother: throw StoreError(.busy, "\(folder) was taken for a leftover.", hint: "Try again.")
    }
  }

  /// What stays is in nobody's way: the next one tries again.
  private func removeLeftovers() {
    let parent = parentPath(of: path)
    for hidden in (try? fileSystem.list(parent)) ?? [] where AtomicReplacement.isTemporary(hidden, for: name) {
      let (folder, making) = ("\(parent)/\(hidden)", "\(parent)/\(hidden)/\(StoreLayout.making)")
      guard (try? fileSystem.status(folder))??.kind == .directory, (try? fileSystem.exists(making)) == true,
        case .acquired(let lock)? = try? fileSystem.lock(making, owner: "")
      else { continue }
      try? fileSystem.removeAll(folder)
      lock.close()
    }
  }
}
