import Git
import Logging
import Storage

/// Taking a store for this process, and clearing away what a crash left.
extension StoreOpening {
  func readManifest() throws(StoreError) -> Manifest {
    let bytes: [UInt8]
    do {
      bytes = try fileSystem.read("\(root)/\(StoreLayout.manifest)")
    } catch  where error.isMissing || error.isNotDirectory {
      throw StoreError(
        .notFound, "There is no store in \(root): it has no \(StoreLayout.manifest).",
        hint: "Make one with `daybook init \(root)`.")
    } catch {
      throw StoreError(.unavailable, "The store in \(root) cannot be read.", cause: error)
    }
    return try Manifest(parsing: bytes)
  }

  func takeLock() throws(StoreError) -> any File {
    do {
      try fileSystem.makeDirectory("\(root)/\(StoreLayout.local)")
      switch try fileSystem.lock("\(root)/\(StoreLayout.lock)", owner: options.owner) {
      case .acquired(let lock): return lock
      case .heldByAnother(let owner):
        throw StoreError(
          .busy, "The store in \(root) is in use by \(owner.isEmpty ? "another process" : owner).",
          hint: "One process owns a store at a time: wait for it, or stop it.")
      }
    } catch let error as StoreError {
      throw error
    } catch {
      throw StoreError(
        .unavailable, "The store in \(root) cannot be written.", hint: "Check who owns the folder, and the disk.",
        cause: error)
    }
  }

  /// Whether no process left working files behind.
  func isClean() throws(StoreError) -> Bool {
    do {
      return try CleanPoint(root: root, fileSystem: fileSystem).left() == nil
    } catch {
      throw StoreError(.unavailable, "\(StoreLayout.cleanPoint) could not be read.", cause: error)
    }
  }

  func removeLeftovers() throws(StoreError) {
    do {
      try PackFolder(fileSystem: fileSystem, path: "\(root)/\(StoreLayout.packs)").removeLeftovers()
      try GitIndexKeeper.removeLeftoverLock(root: root, fileSystem: fileSystem)
      try TransferFolder.removeAll(root: root, fileSystem: fileSystem)
    } catch {
      throw StoreError(.unavailable, "What a crash left behind could not be cleared away.", cause: error)
    }
  }

  /// Without it Git merges line by line: that keeps nobody from working.
  func setUpMergeDriver(in repository: borrowing Repository) {
    guard let program = options.program else { return }
    do {
      try MergeDriver.setUp(calling: program, in: repository)
    } catch {
      options.logger.notice("Git could not be told how to merge documents", metadata: ["error": "\(error)"])
    }
  }

  func removeLeftoverLock(_ branch: String) throws(StoreError) {
    let lock = BranchLock(branch: branch, root: root, fileSystem: fileSystem)
    do {
      guard try lock.removeLeftover() else { return }
      options.logger.notice(
        "a lock that a crash had left on the branch was removed", metadata: ["file": "\(lock.path)"])
    } catch {
      throw StoreError(.unavailable, "What a crash left behind could not be cleared away.", cause: error)
    }
  }
}
