import Glibc

// Calls of Linux that the Glibc module of Swift leaves out, looked up by name, once.

/// `renameat2` with `RENAME_EXCHANGE`.
func renameExchanging(_ path: String, _ other: String) -> Int32 { rename(path, other, flags: 2) }

/// `renameat2` with `RENAME_NOREPLACE`.
func renameWithoutReplacing(_ path: String, _ target: String) -> Int32 { rename(path, target, flags: 1) }

private func rename(_ path: String, _ target: String, flags: UInt32) -> Int32 {
  guard let renameat2 = unsafe renameAt2 else {
    errno = ENOSYS
    return -1
  }
  return unsafe renameat2(AT_FDCWD, path, AT_FDCWD, target, flags)
}

/// `syncfs`.
func syncWholeFileSystem(_ descriptor: Int32) -> Int32 {
  guard let syncFileSystem = syncFS else {
    errno = ENOSYS
    return -1
  }
  return syncFileSystem(descriptor)
}

/// `malloc_trim`; another C library has none, and does not hold back so much.
func trimHeap() { _ = mallocTrim?(0) }

private typealias RenameAt2 =
  @convention(c) (Int32, UnsafePointer<CChar>, Int32, UnsafePointer<CChar>, UInt32) -> Int32
private typealias SyncFS = @convention(c) (Int32) -> Int32
private typealias MallocTrim = @convention(c) (Int) -> Int32

private let renameAt2: RenameAt2? = {
  guard let symbol = unsafe dlsym(nil, "renameat2") else { return nil }
  return unsafe unsafeBitCast(symbol, to: RenameAt2.self)
}()

private let syncFS: SyncFS? = {
  guard let symbol = unsafe dlsym(nil, "syncfs") else { return nil }
  return unsafe unsafeBitCast(symbol, to: SyncFS.self)
}()

private let mallocTrim: MallocTrim? = {
  guard let symbol = unsafe dlsym(nil, "malloc_trim") else { return nil }
  return unsafe unsafeBitCast(symbol, to: MallocTrim.self)
}()
