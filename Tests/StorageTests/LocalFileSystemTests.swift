import Glibc
import Storage
import TestSupport
import Testing

@Suite final class LocalFileSystemTests {
  private let files = LocalFileSystem()
  private let root = "/tmp/daybook-storage-\(getpid())-\(UInt64.random(in: .min ... .max))"

  init() throws {
    try files.makeDirectory(root)
  }

  deinit {
    try? files.removeAll(root)
  }

  @Test func writesAndReadsFiles() throws {
    try files.create("\(root)/a", bytes: [1, 2, 3].span, permissions: 0o600, durable: true)
    #expect(try files.read("\(root)/a") == [1, 2, 3])
    let status = try #require(try files.status("\(root)/a"))
    #expect(status.kind == .file && status.size == 3 && status.mode & 0o777 == 0o600 && status.linkCount == 1)
    #expect(status.userID == getuid() && status.modifiedNanoseconds > 1_600_000_000_000_000_000)
    #expect(throws: FileError(.create, "\(root)/a", code: EEXIST)) {
      try files.create("\(root)/a", bytes: Span(), durable: false)
    }
    #expect(throws: FileError(.read, "\(root)/a", code: EFBIG)) { try files.read("\(root)/a", limit: 2) }
    #expect(throws: FileError(.read, "\(root)/b", code: ENOENT)) { try files.read("\(root)/b") }
    #expect(try files.status("\(root)/a/b") == nil)
    #expect(try !files.exists("\(root)/b"))
  }

  @Test func writesAFileFromItsBeginningToItsEnd() throws {
    var expected: [UInt8] = []
    let writer = try SequentialWriter("\(root)/a", fileSystem: files)
    for number in 0..<300 {
      let part = [UInt8](repeating: UInt8(number % 251), count: number * 37)
      try writer.append(part)
      expected += part
    }
    try writer.finish()
    #expect(expected.count > 1 << 20)
    #expect(try files.read("\(root)/a") == expected)
    #expect(throws: FileError(.create, "\(root)/a", code: EEXIST)) {
      try SequentialWriter("\(root)/a", fileSystem: files)
    }
  }

  @Test func removesADirectoryWithAllThatIsInIt() throws {
    try files.makeDirectory("\(root)/a/b/c")
    try files.create("\(root)/a/b/file", bytes: [1].span, durable: false)
    try files.create("\(root)/other", bytes: [1].span, durable: false)
    // A link is removed, not what it leads to.
    #expect(unsafe symlink("\(root)/other", "\(root)/a/link") == 0)
    #expect(unsafe symlink(root, "\(root)/a/b/up") == 0)
    try files.removeAll("\(root)/a")
    #expect(try files.list(root) == ["other"])
  }

  @Test func writesAnywhereInAFile() throws {
    let file = try files.open("\(root)/a", create: true)
    try file.write([7, 8].span, at: 3)
    try file.preallocate(5..<400_000)
    try file.write([9].span, at: 4)
    try file.syncData()
    #expect(try file.size() == 400_000)
    #expect(try file.read(at: 0, count: 6) == [0, 0, 0, 7, 9, 0])
    #expect(try file.read(at: 399_999, count: 10) == [0])
    try file.truncate(to: 4)
    #expect(try files.read("\(root)/a") == [0, 0, 0, 7])
    file.close()
    file.close()
    #expect(throws: FileError(.write, "\(root)/a", code: EBADF)) { try file.write([1].span, at: 0) }
    #expect(throws: FileError(.open, "\(root)/b", code: ENOENT)) { try files.open("\(root)/b", create: false) }
  }

  @Test func renamesExchangesAndRemoves() throws {
    try files.create("\(root)/a", bytes: [1].span, durable: false)
    try files.create("\(root)/b", bytes: [2].span, durable: false)
    try files.exchange("\(root)/a", with: "\(root)/b")
    #expect(try files.read("\(root)/a") == [2])
    try files.rename("\(root)/a", to: "\(root)/b")
    #expect(try files.read("\(root)/b") == [2])
    #expect(throws: FileError(.exchange, "\(root)/a", code: ENOENT)) {
      try files.exchange("\(root)/a", with: "\(root)/b")
    }
    try files.makeDirectory("\(root)/d/e/f")
    try files.makeDirectory("\(root)/d/e/f")
    #expect(throws: FileError(.makeDirectory, "\(root)/b", code: EEXIST)) { try files.makeDirectory("\(root)/b") }
    #expect(throws: FileError(.remove, "\(root)/d", code: ENOTEMPTY)) { try files.remove("\(root)/d") }
    #expect(try files.list(root) == ["b", "d"])
    try files.syncDirectory("\(root)/d")
    try files.remove("\(root)/d/e/f")
    try files.remove("\(root)/b")
    #expect(try files.list("\(root)/d/e") == [])
  }

  @Test func neverFollowsALinkAtTheEndOfAPath() throws {
    try files.create("\(root)/secret", bytes: [1].span, durable: false)
    try files.makeDirectory("\(root)/directory")
    #expect(unsafe symlink("\(root)/secret", "\(root)/link") == 0)
    #expect(unsafe symlink("\(root)/directory", "\(root)/other") == 0)
    #expect(try files.status("\(root)/link")?.kind == .symbolicLink)
    #expect(throws: FileError(.read, "\(root)/link", code: ELOOP)) { try files.read("\(root)/link") }
    #expect(throws: FileError(.open, "\(root)/link", code: ELOOP)) { try files.open("\(root)/link", create: true) }
    #expect(throws: FileError.self) { try files.create("\(root)/link", bytes: Span(), durable: false) }
    #expect(throws: FileError.self) { try files.list("\(root)/other") }
    #expect(throws: FileError.self) { try files.syncDirectory("\(root)/other") }
    #expect(throws: FileError.self) { try files.makeDirectory("\(root)/other") }
    try files.atomicallyReplace("\(root)/link", with: [2].span, durable: false)
    #expect(try files.read("\(root)/secret") == [1])
    #expect(try files.read("\(root)/link") == [2])
  }

  @Test func refusesAPathThatCWouldCutShort() throws {
    try files.create("\(root)/a", bytes: [1].span, durable: false)
    let path = "\(root)/a\0b"
    #expect(throws: FileError(.read, path, code: EINVAL)) { try files.read(path) }
    #expect(throws: FileError(.remove, path, code: EINVAL)) { try files.remove(path) }
    #expect(throws: FileError(.rename, path, code: EINVAL)) { try files.rename("\(root)/a", to: path) }
    #expect(throws: FileError(.exchange, path, code: EINVAL)) { try files.exchange("\(root)/a", with: path) }
    #expect(throws: FileError(.inspect, path, code: EINVAL)) { try files.status(path) }
    #expect(throws: FileError(.list, path, code: EINVAL)) { try files.list(path) }
  }

  @Test func locksOutAllOthersUntilItIsClosed() throws {
    let path = "\(root)/lock"
    guard case .acquired(let first) = try files.lock(path, owner: "daybook serve, process 12, a long text") else {
      Issue.record("the lock is free")
      return
    }
    guard case .heldByAnother(let owner) = try files.lock(path, owner: "me") else {
      Issue.record("the lock is held")
      return
    }
    #expect(owner == "daybook serve, process 12, a long text")
    first.close()
    guard case .acquired(let second) = try files.lock(path, owner: "me") else {
      Issue.record("the lock is free again")
      return
    }
    #expect(try files.read(path) == Array("me".utf8))
    second.close()
  }

  @Test func countsAndFailsCallsOfTheRealDisk() throws {
    let plan = FaultPlan(.init(call: 1, forever: true, code: ENOSPC))
    let faulty = FaultInjecting(plan)
    let file = try faulty.open("\(root)/a", create: true)
    #expect(throws: FileError(.write, "\(root)/a", code: ENOSPC)) { try file.write([1].span, at: 0) }
    #expect(throws: FileError(.sync, "\(root)/a", code: ENOSPC)) { try file.syncData() }
    #expect(throws: FileError.self) { try faulty.list(root) }
    #expect(plan.calls == [.open, .write, .sync, .list] && plan.hasStruck)
    #expect(try files.read("\(root)/a") == [])
  }
}
