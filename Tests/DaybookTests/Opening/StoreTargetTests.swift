import Foundation
import Storage
import TestSupport
import Testing

@testable import Daybook

/// The hidden folder in which a store is made. The rest of it show the tests of backups and clones.
struct StoreTargetTests {
  private let temporary: TemporaryStore
  private let target: StoreTarget
  private let fileSystem = LocalFileSystem()

  init() throws {
    temporary = try TemporaryStore()
    target = StoreTarget("\(temporary.folder)/copy/", fileSystem: fileSystem)
  }

  private func names() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: temporary.folder).filter { $0.contains("copy") }.sorted()
  }

  /// What somebody who makes a store leaves when killed.
  private func leave(_ name: String, marked: Bool = true) throws {
    try fileSystem.makeDirectory("\(temporary.folder)/\(name)/.git/daybook")
    if marked {
      let mark = "\(temporary.folder)/\(name)/\(StoreLayout.making)"
      try fileSystem.create(mark, bytes: [UInt8]().span, durable: false)
    }
  }

  @Test func whatWasLeftBehindForTheSameTargetGoes() throws {
    let others = [".copy.my.old.tmp", ".copys.old.tmp", ".copy.old", "copy.old.tmp"]
    for name in [".copy.1abc.tmp", ".copy.old.tmp"] + others { try leave(name) }
    try leave(".copy.mine.tmp", marked: false)
    try target.make { folder in try fileSystem.create("\(folder)/a", bytes: [UInt8]().span, durable: false) }
    #expect(try names() == (others + [".copy.mine.tmp", "copy"]).sorted())
    #expect(try fileSystem.list(target.path) == [".git", "a"])
    #expect(try fileSystem.list("\(target.path)/.git/daybook") == [])
  }

  @Test func whatSomebodyIsMakingStays() throws {
    try target.make { folder in
      let inner = #expect(throws: StoreError.self) {
        try target.make { _ in throw StoreError(.limit, "enough") }
      }
      #expect(inner?.code == .limit)
      #expect(fileSystem.exists(at: folder))
    }
    #expect(try names() == ["copy"])
  }

  @Test func aFailureLeavesNothing() throws {
    let error = #expect(throws: StoreError.self) {
      try target.make { folder in
        try fileSystem.makeDirectory("\(folder)/a/b")
        throw FileError(.write, "x", code: 28)
      }
    }
    #expect(error?.code == .unavailable && error?.message.contains("nothing is there") == true)
    #expect(try names() == [])
  }

  /// Somebody else was faster.
  @Test func whatCameToBeThereMeanwhileStays() throws {
    let error = #expect(throws: StoreError.self) {
      try target.make { _ in try fileSystem.makeDirectory("\(target.path)/theirs") }
    }
    #expect(error?.code == .refused)
    #expect(try names() == ["copy"] && fileSystem.list(target.path) == ["theirs"])
  }
}

extension LocalFileSystem {
  fileprivate func exists(at path: String) -> Bool { (try? exists(path)) == true }
}
