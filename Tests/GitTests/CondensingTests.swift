import Testing

@testable import Git

@Suite struct CondensingTests {

  private func condense(
    _ packs: [ComposedPack], foundation: Bool = false, elsewhere: [ObjectID: GitObject] = [:]
  ) throws -> ComposedPack {
    try PackCondenser.condensed(
      packs.map { try PackSource(pack: $0.pack, index: $0.index) }, foundation: foundation,
      elsewhere: { elsewhere[$0]?.content })
  }

  private func install(_ pack: ComposedPack, in git: GitClient) throws {
    try git.write(pack.pack, to: ".git/objects/pack/pack-\(pack.name).pack")
    try git.write(pack.index, to: ".git/objects/pack/pack-\(pack.name).idx")
  }

  /// Everything in `packs` is in the one pack of a fresh repository, and Git finds no fault with it.
  private func check(_ pack: ComposedPack, holds objects: [GitObject], head: ObjectID?) throws {
    let git = try GitClient()
    try install(pack, in: git)
    if let head { try git.run(["update-ref", "refs/heads/main", head.hex]) }
    _ = try git.run(["fsck", "--strict", "--full"])
    var input: [UInt8] = []
    for object in objects { input += Array((object.id.hex + "\n").utf8) }
    let output = try git.run(["cat-file", "--batch"], input: input)
    var expected: [UInt8] = []
    for object in objects {
      expected += Array("\(object.id.hex) \(object.kind.name) \(object.content.count)\n".utf8) + object.content
      expected.append(10)
    }
    #expect(output == expected)
    try git.run(["index-pack", "--strict", "-o", "again.idx", ".git/objects/pack/pack-\(pack.name).pack"])
    #expect(try git.read("again.idx") == pack.index)
    let depths = try depths(pack, in: git)
    #expect(depths.allSatisfy { $0.depth <= PackCondenser.maximumChain })
    #expect(depths.allSatisfy { $0.kind != "commit" || $0.depth <= PackCondenser.maximumCommitChain })
    try git.run(["gc", "-q"])
    _ = try git.run(["fsck", "--strict", "--full"])
  }

  private func depths(_ pack: ComposedPack, in git: GitClient) throws -> [(kind: Substring, depth: Int)] {
    try git.text(["verify-pack", "-v", ".git/objects/pack/pack-\(pack.name).idx"]).split(separator: "\n")
      .compactMap { line in
        let fields = line.split(separator: " ", omittingEmptySubsequences: true)
        return fields.count == 7 ? Int(fields[5]).map { (fields[1], $0) } : nil
      }
  }

  @Test(arguments: 1...4 as ClosedRange<UInt64>)
  func condensingKeepsEveryObjectByteForByte(seed: UInt64) throws {
    var history = RandomHistory(seed: seed)
    let parts = (0..<5).map { _ in history.commits(30) }
    let packs = parts.map(RandomHistory.pack)
    let all = parts.flatMap { $0 }
    let pack = try condense(packs)
    try check(pack, holds: all, head: history.head)
    #expect(pack.pack.count < packs.reduce(0) { $0 + $1.pack.count } / 3)
    // In parts, the way a store comes by them, nothing is lost either, whatever is outside.
    let known = Dictionary(all.map { ($0.id, $0) }) { first, _ in first }
    let first = try condense(Array(packs[0...1]))
    let second = try condense([first, packs[2]], foundation: true, elsewhere: known)
    let third = try condense([packs[4], packs[3]], elsewhere: known)
    try check(try condense([second, third], foundation: true), holds: all, head: history.head)
  }

  @Test func condensingTwiceChangesNothing() throws {
    var history = RandomHistory(seed: 21)
    let pack = try condense([RandomHistory.pack(history.commits(80))])
    let again = try condense([pack], foundation: true)
    #expect(again.pack == pack.pack)
    #expect(again.index == pack.index)
  }

  @Test func aFoundationIsCopiedAndNewVersionsAreDeltasOnIt() throws {
    var history = RandomHistory(seed: 22)
    let first = try condense([RandomHistory.pack(history.commits(60))])
    let fresh = RandomHistory.pack(history.commits(60))
    let second = try condense([first, fresh], foundation: true)
    #expect(second.pack[12..<(first.pack.count - 20)] == first.pack[12..<(first.pack.count - 20)])
    let alone = try condense([fresh]).pack.count
    #expect(second.pack.count - first.pack.count < alone)
  }

  @Test func aLongHistoryOfOneFileHasBoundedChains() throws {
    var history = RandomHistory(seed: 23, files: 1)
    let objects = history.commits(300)
    let pack = try condense([RandomHistory.pack(objects)])
    let git = try GitClient()
    try install(pack, in: git)
    let depths = try depths(pack, in: git)
    #expect(depths.filter { $0.kind == "commit" }.map(\.depth).max() == PackCondenser.maximumCommitChain)
    let longest = try #require(depths.map(\.depth).max())
    // Contents that come back begin a chain anew, so it need not get as far as it may.
    #expect(longest > PackCondenser.maximumChain / 2 && longest <= PackCondenser.maximumChain)
  }

  /// Git's packs name bases by offset, lead from old to new, and may hold tags.
  @Test func aPackOfGitsOwnIsTakenIn() throws {
    let git = try GitClient()
    for version in 0..<30 {
      try git.write(Array("{\"n\": \(version)}\n".utf8) + (0..<3000).map { UInt8(97 + $0 % 17) }, to: "a/b.json")
      try git.run(["add", "."])
      try git.run(["commit", "-q", "-m", "\(version)"])
    }
    try git.run(["tag", "-a", "-m", "one", "v1"])
    try git.run(["gc", "-q"])
    let names = try git.text(["-c", "alias.ls=!ls", "ls", ".git/objects/pack"]).split(separator: "\n")
    let name = try #require(names.first { $0.hasSuffix(".idx") }?.dropLast(4))
    let theirs = ComposedPack(
      name: String(name.dropFirst(5)), pack: try git.read(".git/objects/pack/\(name).pack"),
      index: try git.read(".git/objects/pack/\(name).idx"))
    var history = RandomHistory(seed: 24)
    let ours = history.commits(40)
    let pack = try condense([theirs, RandomHistory.pack(ours)])
    let ids = try git.text(["show-index"], input: theirs.index).split(separator: "\n")
      .compactMap { $0.split(separator: " ").dropFirst().first }
    #expect(ids.count > 90)
    let objects = try ids.map { id in
      let kind: ObjectKind =
        switch try git.text(["cat-file", "-t", "\(id)"]) {
        case "commit": .commit
        case "tree": .tree
        case "tag": .tag
        default: .blob
        }
      return GitObject(kind, try git.run(["cat-file", kind.name.description, "\(id)"]))
    }
    #expect(objects.map(\.id.hex) == ids.map(String.init))
    try check(pack, holds: objects + ours, head: history.head)
  }

  @Test func objectsThatNoCommitReachesAreKept() throws {
    var history = RandomHistory(seed: 25)
    let ours = history.commits(10)
    let lost = (0..<20).map { GitObject(.blob, Array("lost \($0)".utf8)) }
    let pack = try condense([RandomHistory.pack(ours + lost)])
    try check(pack, holds: ours + lost, head: history.head)
  }

  @Test func aDamagedSourceIsNotCondensed() throws {
    var history = RandomHistory(seed: 26)
    let made = RandomHistory.pack(history.commits(40))
    var numbers = SeededNumbers(seed: 26)
    for _ in 0..<200 {
      var bytes = made.pack
      // Behind the header and before the checksum, which is not looked at.
      bytes[Int.random(in: 12..<(bytes.count - 20), using: &numbers)] ^= UInt8.random(in: 1...255, using: &numbers)
      do {
        let pack = try condense([ComposedPack(name: made.name, pack: bytes, index: made.index)])
        // What changed had no meaning: the bits of a zlib header, say. Then nothing is lost.
        #expect(try PackSource(pack: pack.pack, index: pack.index).objectCount > 0)
      } catch let error as GitError {
        #expect(error.code == .damaged)
      }
    }
  }

  @Test func itEndsSoonWhenAsked() throws {
    var history = RandomHistory(seed: 27)
    let made = RandomHistory.pack(history.commits(40))
    let source = try PackSource(pack: made.pack, index: made.index)
    var asked = 0
    #expect(throws: GitError.self) {
      try PackCondenser.condensed(
        [source], foundation: false, elsewhere: { _ in nil },
        isCancelled: {
          asked += 1
          return asked > 30
        })
    }
    #expect(asked == 31)
  }
}
