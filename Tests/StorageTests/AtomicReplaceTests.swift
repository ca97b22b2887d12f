import Storage
import TestSupport
import Testing

@Suite struct AtomicReplaceTests {
  private func callsOfAReplacement() throws -> Int {
    let files = try filesWithOldContent()
    try files.atomicallyReplace("/d/file", with: new.span, durable: true)
    return files.plan.calls.count
  }

  private let old = [UInt8](repeating: 1, count: 300)
  private let new = [UInt8](repeating: 2, count: 500)

  private func filesWithOldContent() throws -> FaultyFileSystem {
    let files = FaultyFileSystem()
    try files.makeDirectory("/d")
    try files.syncDirectory("/")
    try files.create("/d/file", bytes: old.span, durable: true)
    try files.syncDirectory("/d")
    files.plan.plan(nil)
    return files
  }

  @Test func leavesOldOrNewContentAndNothingElseWhenACallFails() throws {
    for call in 0..<(try callsOfAReplacement()) {
      let files = try filesWithOldContent()
      files.plan.plan(.init(call: call, forever: false))
      #expect(throws: FileError.self, "call \(call)") {
        try files.atomicallyReplace("/d/file", with: new.span, durable: true)
      }
      #expect(try files.list("/d") == ["file"], "call \(call)")
      #expect([old, new].contains(try files.read("/d/file")), "call \(call)")
    }
  }

  @Test func leavesOldOrNewContentAfterAPowerCutAtAnyCall() throws {
    for call in 0..<(try callsOfAReplacement()) {
      let files = try filesWithOldContent()
      files.plan.plan(.init(call: call, forever: true))
      try? files.atomicallyReplace("/d/file", with: new.span, durable: true)
      for seed in 0..<20 as Range<UInt64> {
        let later = FaultyFileSystem(disk: files.disk)
        later.crash(seed: seed)
        #expect([old, new].contains(try later.read("/d/file")), "call \(call), seed \(seed)")
      }
    }
  }

  @Test func isDurableOnceItReturns() throws {
    for seed in 0..<20 as Range<UInt64> {
      let files = try filesWithOldContent()
      try files.atomicallyReplace("/d/file", with: new.span, durable: true)
      files.crash(seed: seed)
      #expect(try files.read("/d/file") == new, "seed \(seed)")
    }
  }

  @Test func whatSomebodyWroteMeanwhileIsNeverGoneWhicheverCallFails() throws {
    let (new, theirs) = (new, [UInt8](repeating: 9, count: 40))
    var call = 0
    while true {
      let files = try filesWithOldContent()
      let before = try #require(try files.status("/d/file"))
      try files.remove("/d/file")
      try files.create("/d/file", bytes: theirs.span, durable: true)
      files.plan.plan(.init(call: call, forever: false))
      let answer = try? files.atomicallyReplace("/d/file", with: new.span, ifStill: before)
      files.plan.plan(nil)
      let contents = try files.list("/d").map { try files.read("/d/\($0)") }
      #expect(contents.contains(theirs), "call \(call)")
      if answer == false {
        #expect(contents == [theirs])
        break
      }
      call += 1
    }
    #expect(call > 3)
  }

  @Test func whatSomebodyWroteMeanwhileIsNotRemovedWhicheverCallFails() throws {
    let theirs = [UInt8](repeating: 9, count: 40)
    var call = 0
    while true {
      let files = try filesWithOldContent()
      let before = try #require(try files.status("/d/file"))
      try files.remove("/d/file")
      try files.create("/d/file", bytes: theirs.span, durable: true)
      files.plan.plan(.init(call: call, forever: false))
      let answer = try? files.atomicallyRemove("/d/file", ifStill: before)
      files.plan.plan(nil)
      #expect(try files.list("/d").map { try files.read("/d/\($0)") } == [theirs], "call \(call)")
      if answer == false {
        #expect(try files.list("/d") == ["file"])
        break
      }
      call += 1
    }
    #expect(call > 1)
    let files = try filesWithOldContent()
    #expect(try files.atomicallyRemove("/d/file", ifStill: try #require(try files.status("/d/file"))))
    #expect(try files.list("/d") == [])
  }

  @Test func aNewFileComesOnlyWhereNothingIs() throws {
    for files in [try filesWithOldContent() as any FileSystem, LocalFileSystem()] {
      let folder = files is LocalFileSystem ? try temporaryFolder() : "/d"
      #expect(try files.atomicallyCreate("\(folder)/new", with: new.span))
      #expect(try !files.atomicallyCreate("\(folder)/new", with: old.span))
      #expect(try files.read("\(folder)/new") == new)
      #expect(try files.list(folder).filter { $0.hasPrefix(".") } == [])
    }
  }

  private func temporaryFolder() throws -> String {
    let folder = "/tmp/daybook-\(UInt64.random(in: .min ... .max))"
    try LocalFileSystem().makeDirectory(folder)
    return folder
  }

  @Test func findsTheParentOfAPath() {
    #expect(parentPath(of: "a/b/c") == "a/b")
    #expect(parentPath(of: "/a") == "/")
    #expect(parentPath(of: "a") == ".")
  }
}
