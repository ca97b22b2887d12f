import Foundation
import Storage
import TestSupport
import Testing

/// Files that are replaced with one spare file that goes round.
@Suite final class SpareFileTests {
  private let files = LocalFileSystem()
  private let root = FileManager.default.temporaryDirectory.appending(path: "daybook-spare-\(UUID())").path

  deinit {
    try? FileManager.default.removeItem(atPath: root)
  }

  init() throws {
    try files.makeDirectory("\(root)/private")
    for name in ["a", "b"] { try files.create(path(name), bytes: [1, 1, 1].span, durable: false) }
  }

  private func path(_ name: String) -> String { "\(root)/\(name)" }

  private func spare() -> SpareFile { SpareFile(path("private/spare"), in: files) }

  private func replace(_ name: String, _ bytes: [UInt8], _ spare: inout SpareFile) throws -> Bool {
    try spare.replace(path(name), with: bytes.span, ifStill: #require(try files.status(path(name))))
  }

  @Test func takesThreeFilesForAnyNumberOfReplacements() throws {
    var spare = spare()
    var inodes: Set<UInt64> = []
    for round in 0..<20 as Range<UInt8> {
      for name in ["a", "b"] {
        let content = [UInt8](repeating: round, count: Int(round) * 37 % 50)
        #expect(try replace(name, content, &spare))
        #expect(try files.read(path(name)) == content)
        inodes.insert(try #require(try files.status(path(name))).inode)
      }
    }
    #expect(inodes.count == 3)
    spare.remove()
    #expect(try files.list(path("private")).isEmpty)
  }

  @Test func whoHasTheOldFileOpenGoesOnReadingIt() throws {
    var spare = spare()
    let reader = try #require(FileHandle(forReadingAtPath: path("a")))
    for round in 2..<6 as Range<UInt8> { #expect(try replace("a", [round], &spare)) }
    #expect(try reader.readToEnd() == Data([1, 1, 1]))
  }

  @Test func anotherNameOfTheOldFileKeepsItsContent() throws {
    var spare = spare()
    try FileManager.default.linkItem(atPath: path("a"), toPath: path("backup"))
    for round in 2..<6 as Range<UInt8> { #expect(try replace("a", [round], &spare)) }
    #expect(try files.read(path("backup")) == [1, 1, 1])
  }

  @Test func rightsThatSomebodyGaveAFileDoNotComeToAnother() throws {
    var spare = spare()
    let usual = try #require(try files.status(path("b"))).mode
    try FileManager.default.setAttributes([.posixPermissions: 0o666], ofItemAtPath: path("a"))
    for round in 2..<6 as Range<UInt8> {
      for name in ["a", "b"] {
        #expect(try replace(name, [round], &spare))
        #expect(try files.status(path(name))?.mode == usual)
      }
    }
  }

  @Test func aFileThatSomebodyTouchedStays() throws {
    var spare = spare()
    let before = try #require(try files.status(path("a")))
    try files.remove(path("a"))
    try files.create(path("a"), bytes: [9].span, durable: false)
    #expect(try !spare.replace(path("a"), with: [2].span, ifStill: before))
    #expect(try files.read(path("a")) == [9])
    #expect(try replace("b", [3], &spare))
    #expect(try files.read(path("b")) == [3])
  }

  @Test func aSpareFileThatACrashLeftIsNoObstacle() throws {
    try files.create(path("private/spare"), bytes: [8, 8, 8, 8].span, durable: false)
    var spare = spare()
    #expect(try replace("a", [2], &spare))
    #expect(try files.read(path("a")) == [2])
  }

  // MARK: Faults

  private let old = [UInt8](repeating: 1, count: 300)

  private func content(_ file: Int, _ round: Int) -> [UInt8] {
    [UInt8](repeating: UInt8(10 * (file + 1) + round), count: 200 + 70 * (round + file))
  }

  private func faultyFiles() throws -> FaultyFileSystem {
    let (files, old) = (FaultyFileSystem(), old)
    try files.makeDirectory("/d")
    try files.syncDirectory("/")
    for file in 0..<2 { try files.create("/d/\(file)", bytes: old.span, durable: true) }
    try files.syncDirectory("/d")
    files.plan.plan(nil)
    return files
  }

  private func replaceAll(_ files: FaultyFileSystem, untilFailure: Bool) throws {
    var spare = SpareFile("/d/spare", in: files)
    for round in 1...3 {
      for file in 0..<2 {
        do {
          let bytes = content(file, round)
          let before = try #require(try files.status("/d/\(file)"))
          _ = try spare.replace("/d/\(file)", with: bytes.span, ifStill: before)
        } catch  where !untilFailure {}
      }
    }
  }

  private func calls() throws -> Int {
    let files = try faultyFiles()
    try replaceAll(files, untilFailure: true)
    return files.plan.calls.count
  }

  @Test func eachFileHoldsItsOwnOldOrNewContentWhenACallFails() throws {
    for call in 0..<(try calls()) {
      let files = try faultyFiles()
      files.plan.plan(.init(call: call, forever: false))
      try replaceAll(files, untilFailure: false)
      files.plan.plan(nil)
      for file in 0..<2 {
        let own = [old] + (1...3).map { content(file, $0) }
        #expect(own.contains(try files.read("/d/\(file)")), "call \(call), file \(file)")
      }
    }
  }

  @Test func aPowerCutLeavesAFilePartsOfItsOwnContentsOnly() throws {
    for call in 0..<(try calls()) {
      let files = try faultyFiles()
      files.plan.plan(.init(call: call, forever: true))
      try? replaceAll(files, untilFailure: true)
      for seed in 0..<20 as Range<UInt64> {
        let later = FaultyFileSystem(disk: files.disk)
        later.crash(seed: seed)
        for file in 0..<2 {
          let bytes = Set(try later.read("/d/\(file)")).subtracting([0])
          #expect(
            bytes.isEmpty || bytes == [1] || bytes.count == 1 && Int(bytes.first ?? 0) / 10 == file + 1,
            "call \(call), seed \(seed), file \(file): \(bytes)")
        }
      }
    }
  }
}
