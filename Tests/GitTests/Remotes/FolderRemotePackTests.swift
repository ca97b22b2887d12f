import Daybook
import Foundation
import Testing

@testable import Git

/// What comes from a folder that the stock client keeps, in whichever form, and from one that lies.
@Suite struct FolderRemotePackTests {
  private let hub: GitClient
  private let other: GitClient

  /// Ten versions of some files, the newest the smallest: so Git makes deltas from old to new, and the other way round.
  init() throws {
    (hub, other) = (try GitClient(), try GitClient())
    try commit(0..<10)
  }

  private func commit(_ versions: Range<Int>) throws {
    for version in versions {
      for file in 0..<3 { try write(file, version) }
      try hub.run(["add", "."])
      try hub.run(["commit", "-qm", "\(version)"])
    }
  }

  private func write(_ file: Int, _ version: Int) throws {
    let lines = (0..<(200 - 10 * version)).map { "\(file) and line \($0 == 3 ? version * 1_000 : $0)\n" }
    try hub.write(Array(lines.joined().utf8), to: "a/b\(file)/c.json")
  }

  private func tip(_ name: String = "main") throws -> ObjectID {
    try #require(ObjectID(hex: hub.text(["rev-parse", name])))
  }

  private func open(_ git: GitClient) throws -> Repository {
    try Repository.open(at: git.folder, staged: StagedObjects())
  }

  @discardableResult
  private func fetch(_ tip: ObjectID, known: [ObjectID] = [], from git: GitClient? = nil) throws -> Int {
    let remote = try FolderRemote(RemoteAddress(parsing: (git ?? hub).folder), LocalPackStorage())
    let limits = TransferLimits(bytes: .max, objects: 1_000)
    return try remote.download(tip, known: known, into: open(other), limits: limits) { _ in }.objects
  }

  private func packs(_ git: GitClient) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: "\(git.folder)/.git/objects/pack").sorted()
  }

  private func pack(_ git: GitClient) throws -> String {
    let stems = try packs(git).filter { $0.hasSuffix(".pack") }.map { ".git/objects/pack/\($0.dropLast(5))" }
    #expect(stems.count == 1)
    return try #require(stems.first)
  }

  /// The objects of a pack that are deltas, each with what it is a delta on.
  private func deltas(_ git: GitClient) throws -> [String: String] {
    let lines = try git.text(["verify-pack", "-v", try pack(git) + ".idx"]).split(separator: "\n")
    let parts = lines.map { $0.split(separator: " ").map(String.init) }.filter { $0.count == 7 }
    return Dictionary(uniqueKeysWithValues: parts.map { ($0[0], $0[6]) })
  }

  /// Git takes what came for its own: the index is the one that it would make.
  private func expectSound(_ tip: ObjectID) throws {
    try other.run(["update-ref", "refs/heads/main", tip.hex])
    #expect(try other.text(["fsck", "--strict", "--no-dangling"]) == "")
    for name in try packs(other) {
      #expect(name.hasPrefix("pack-") && (name.hasSuffix(".pack") || name.hasSuffix(".idx")))
    }
    for name in try packs(other) where name.hasSuffix(".pack") {
      let stem = ".git/objects/pack/\(name.dropLast(5))"
      try other.run(["index-pack", "--strict", "-o", "again.idx", stem + ".pack"])
      #expect(try other.read("again.idx") == other.read(stem + ".idx"))
    }
  }

  // MARK: Parts

  /// What a commit has in common with one before its parent is in the part as well.
  @Test func aPartWhoseCommitsGoBackToWhatWasThereIsWhole() throws {
    let remote = try FolderRemote(RemoteAddress(parsing: hub.folder), LocalPackStorage())
    for round in 0..<8 {
      for step in 0..<3 {
        try write(0, (3 * round + step) % 2 * 3)
        try hub.run(["add", "."])
        try hub.run(["commit", "-qm", "\(round) \(step)"])
      }
      for depth in 1...4 {
        let part = try GitClient()
        let limits = TransferLimits(bytes: .max, objects: 1_000)
        let (_, horizon) = try remote.download(tip(), known: [], depth: depth, into: open(part), limits: limits) { _ in
        }
        #expect(horizon.borders.count == 1)
        try part.write(horizon.file, to: ".git/shallow")
        try part.run(["update-ref", "refs/heads/main", tip().hex])
        #expect(try part.text(["fsck", "--strict", "--no-dangling"]) == "")
        #expect(try part.text(["rev-list", "--count", "main"]) == "\(depth)")
      }
    }
  }

  // MARK: Forms

  @Test func looseObjectsCome() throws {
    #expect(try packs(hub) == [])
    #expect(try fetch(tip()) == 90)
    try expectSound(tip())
  }

  @Test(arguments: ["repack.useDeltaBaseOffset=true", "repack.useDeltaBaseOffset=false", "pack.indexVersion=1"])
  func packsOfTheStockClientCome(setting: String) throws {
    try hub.run(["-c", setting, "repack", "-qadf", "--depth=50", "--window=50"])
    let before = try deltas(hub)
    #expect(before.count > 20)
    #expect(try fetch(tip()) == 90)
    try expectSound(tip())
    // An index of the old form is read by libgit2, and no delta comes of it.
    #expect(try deltas(other) == (setting == "pack.indexVersion=1" ? [:] : before))
  }

  @Test func severalPacksAndLooseObjectsCome() throws {
    try hub.run(["repack", "-qd"])
    for version in 10..<13 {
      try write(0, version)
      try hub.run(["commit", "-qam", "\(version)"])
      if version < 12 { try hub.run(["repack", "-qd"]) }
    }
    // An object in two packs.
    try hub.run(["pack-objects", "-q", ".git/objects/pack/pack"], input: Array("\(try tip("main~1"))\n".utf8))
    #expect(try packs(hub).filter { $0.hasSuffix(".pack") }.count == 4)
    #expect(try fetch(tip()) == 90 + 3 * 5)
    try expectSound(tip())
  }

  /// What stands in the others is read by libgit2.
  @Test func morePacksThanAreOpenedCome() throws {
    try commit(10..<20)
    for object in try hub.text(["rev-list", "--objects", "--no-object-names", "main"]).split(separator: "\n") {
      try hub.run(["pack-objects", "-q", ".git/objects/pack/pack"], input: Array("\(object)\n".utf8))
    }
    try hub.run(["prune-packed", "-q"])
    #expect(try hub.text(["count-objects"]) == "0 objects, 0 kilobytes")
    #expect(try packs(hub).filter { $0.hasSuffix(".pack") }.count == 180)
    #expect(try fetch(tip()) == 180)
    try expectSound(tip())
  }

  @Test(arguments: [true, false]) func whatAHubBorrowsComes(isRelative: Bool) throws {
    try hub.run(["repack", "-qadf"])
    let borrower = try GitClient()
    let name = try #require(hub.folder.split(separator: "/").last)
    let way = isRelative ? "../../../\(name)/.git/objects" : "\(hub.folder)/.git/objects"
    try borrower.write(Array("# from another\n\(way)\n".utf8), to: ".git/objects/info/alternates")
    try borrower.run(["update-ref", "refs/heads/main", tip().hex])
    #expect(try fetch(tip(), from: borrower) == 90)
    try expectSound(tip())
    #expect(try deltas(other) == deltas(hub))
  }

  @Test func aDeltaOnWhatIsNotWantedComesWhole() throws {
    try hub.run(["repack", "-qadf", "--depth=50", "--window=50"])
    let known = try tip("main~3")
    try fetch(known)
    try expectSound(known)
    let (wanted, all) = (
      Set(try hub.text(["rev-list", "--objects", "--no-object-names", "main", "^\(known)"]).split(separator: "\n")),
      try deltas(hub)
    )
    #expect(all.contains { wanted.contains(Substring($0.key)) && !wanted.contains(Substring($0.value)) })
    #expect(try fetch(tip(), known: [known]) == wanted.count)
    try expectSound(tip())
  }

  // MARK: Lies

  /// Lets the index of the hub's only pack say of one object that it is where another one stands, and the other way round.
  private func exchange(_ one: String, _ another: String) throws {
    let path = try pack(hub) + ".idx"
    var index = try PackIndex(parsing: hub.read(path))
    let places = try [one, another].map { name in
      try #require(index.rows.firstIndex { $0.id.hex == name })
    }
    let rows = places.map { index.rows[$0] }
    for (place, row) in zip(places, rows.reversed()) {
      (index.rows[place].crc, index.rows[place].offset) = (row.crc, row.offset)
    }
    try FileManager.default.removeItem(atPath: "\(hub.folder)/\(path)")
    try hub.write(index.bytes, to: path)
  }

  /// That something of the newest commit is not what the index says, and nothing came.
  private func expectRefused(_ planted: String, for name: String, known: [ObjectID]) throws {
    let all = try hub.run(["cat-file", "--batch-all-objects", "--batch-check=%(objectname)"])
    try hub.run(["pack-objects", "-q", "--window=0", ".git/objects/pack/pack"], input: all)
    try hub.run(["prune-packed", "-q"])
    try exchange(planted, hub.text(["rev-parse", name]))
    let before = try packs(other)
    let failure = #expect(throws: RemoteFailure.self) { try fetch(tip(), known: known) }
    guard case .unreachable = failure else { return #expect(Bool(false), "\(String(describing: failure))") }
    #expect(try packs(other) == before)
  }

  @Test func anIndexThatLiesOfAFileIsRefused() throws {
    let planted = try hub.text(["hash-object", "-w", "--stdin"], input: Array("{\"planted\": true}\n".utf8))
    try expectRefused(planted, for: "main:a/b1/c.json", known: [])
  }

  @Test(arguments: ["main~1:a/b1/c.json", "main~1:a/b1", "main~1^{tree}", "main~1"])
  func anIndexThatLiesOfWhatIsNewIsRefused(name: String) throws {
    let known = try tip("main~2")
    try fetch(known)
    let old = name.replacingOccurrences(of: "main~1", with: "main~4")
    try expectRefused(hub.text(["rev-parse", old]), for: name, known: [known])
  }

  @Test func anEntryThatIsDamagedIsRefused() throws {
    try hub.run(["repack", "-qadf"])
    let path = try pack(hub) + ".pack"
    var bytes = try hub.read(path)
    bytes[bytes.count / 2] ^= 1
    try FileManager.default.removeItem(atPath: "\(hub.folder)/\(path)")
    try hub.write(bytes, to: path)
    #expect(throws: RemoteFailure.self) { try fetch(tip()) }
    #expect(try packs(other) == [])
  }

  // MARK: Adding

  private struct Stop: Error {}

  @Test func whatIsNotProvenLeavesNothing() throws {
    let (storage, objects) = (LocalPackStorage(), "\(other.folder)/.git/objects")
    #expect(throws: Stop.self) {
      try storage.add(to: objects) { sink in
        try sink([1, 2, 3])
        throw Stop()
      } prove: { _ in
        throw GitError(.failed, "", "")
      }
    }
    #expect(throws: Stop.self) {
      try storage.add(to: objects) { sink in
        try sink([1, 2, 3])
      } prove: { bytes in
        #expect(try bytes.read(0..<3) == [1, 2, 3])
        throw Stop()
      }
    }
    #expect(try packs(other) == [])
  }
}
