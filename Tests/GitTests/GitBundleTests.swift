import Foundation
import Testing

@testable import Git

/// Bundles made of packs, taken by the stock client, and read back by ourselves.
@Suite struct GitBundleTests {
  private static let manifest = "refs/daybook/manifest"

  // MARK: Making

  private func file(_ pack: ComposedPack) throws -> PackFile {
    try PackFile(index: pack.index, bytes: ByteSource(pack.pack))
  }

  private func bundle(
    _ packs: [PackFile], _ references: [Reference], elsewhere: [GitObject] = []
  ) throws -> [UInt8] {
    var reader = PackReader(packs) { id in elsewhere.first { $0.id == id } }
    let wanted = try ReachableObjects.find(from: references.map(\.id), &reader)
    let first = GitObject(.blob, Array("{\"backup\": 1}\n".utf8))
    var bytes = GitBundle.head(references + [Reference(Self.manifest, first.id)])
    try PackCopy.write(wanted, after: first, from: reader, sink: { bytes += $0 })
    return bytes
  }

  /// Deltas that name their base by its id, as a store makes them on the way of a write.
  private func packOfDeltas(_ objects: [GitObject]) -> ComposedPack {
    var writer = PackWriter()
    var last: [ObjectKind: GitObject] = [:]
    for object in objects {
      writer.add(object, base: last[object.kind])
      last[object.kind] = object
    }
    return writer.finish()
  }

  private func condensed(_ objects: [GitObject]) throws -> ComposedPack {
    let pack = RandomHistory.pack(objects)
    return try PackCondenser.condensed(
      [PackSource(pack: pack.pack, index: pack.index)], foundation: false, elsewhere: { _ in nil })
  }

  /// Takes a bundle with the stock client; answers every object that it finds in the clone.
  private func clone(_ bytes: [UInt8]) throws -> Set<Substring> {
    let git = try GitClient()
    try git.write(bytes, to: "in.bundle")
    _ = try git.run(["bundle", "verify", "-q", "in.bundle"])
    _ = try git.run(["clone", "-q", "--mirror", "in.bundle", "clone"])
    #expect(try git.text(["-C", "clone", "fsck", "--strict", "--no-progress"]) == "")
    let all = try git.text(["-C", "clone", "cat-file", "--batch-all-objects", "--batch-check=%(objectname)"])
    return Set(all.split(separator: "\n"))
  }

  private func ids(_ objects: [GitObject]) -> Set<Substring> { Set(objects.map { Substring($0.id.hex) }) }

  // MARK: Tests

  @Test(arguments: [1, 2, 3, 4] as [UInt64])
  func aBundleOfSeveralPacksIsTakenByTheStockClient(seed: UInt64) throws {
    var history = RandomHistory(seed: seed)
    let (old, new, newest) = (history.commits(40), history.commits(30), history.commits(20))
    // Some objects are in two packs, and some are in none.
    let packs = [try condensed(old), packOfDeltas(Array(old.suffix(60)) + new)]
    let references = [Reference("HEAD", history.head!), Reference("refs/heads/main", history.head!)]
    let bytes = try bundle(try packs.map(file), references, elsewhere: newest)
    let found = try GitBundle(reading: ByteSource(bytes))
    #expect(found.references.map(\.name) == ["HEAD", "refs/heads/main", Self.manifest])
    let first = GitObject(.blob, Array("{\"backup\": 1}\n".utf8))
    let all = ids(old + new + newest + [first])
    #expect(found.objectCount == all.count)
    #expect(try clone(bytes) == all)
    // The index that is made on reading is the one that Git makes.
    let git = try GitClient()
    var pack: [UInt8] = []
    try found.copyPack { pack += $0 }
    try git.write(pack, to: "in.pack")
    _ = try git.run(["index-pack", "--strict", "-o", "in.idx", "in.pack"])
    #expect(try git.read("in.idx") == found.pack.index)
    #expect(bytes.count < packs.reduce(0) { $0 + $1.pack.count } + newest.reduce(0) { $0 + $1.content.count })
  }

  @Test func packsOfTheStockClientAreCopiedWhateverTheirDeltasAreOn() throws {
    let (git, other) = (try GitClient(), try GitClient())
    func commit(_ number: Int) throws {
      let text = (0..<400).map { "line \($0 == number * 7 % 400 ? number : $0)\n" }.joined()
      try git.write(Array(text.utf8), to: "a.json")
      _ = try git.run(["add", "."])
      _ = try git.run(["commit", "-q", "-m", "\(number)"])
    }
    for number in 0..<20 { try commit(number) }
    try git.run(["tag", "-a", "-m", "a tag", "one"])
    try git.run(["gc", "-q"])
    let settings = ["-c", "transfer.unpackLimit=1", "-c", "fetch.unpackLimit=1"]
    try other.run(settings + ["fetch", "-q", git.folder, "main:kept", "--tags"])
    for number in 20..<30 { try commit(number) }
    // A thin pack: Git puts the bases that it lacks behind the deltas on them.
    try other.run(settings + ["fetch", "-q", git.folder, "main:kept"])
    let packs = try FileManager.default.contentsOfDirectory(atPath: other.folder + "/.git/objects/pack")
      .filter { $0.hasSuffix(".idx") }.map { name in
        let stem = ".git/objects/pack/\(name.dropLast(4))"
        return try PackFile(index: other.read(stem + ".idx"), bytes: ByteSource(other.read(stem + ".pack")))
      }
    #expect(packs.count == 2)
    let head = try #require(ObjectID(hex: other.text(["rev-parse", "kept"])))
    let tag = try #require(ObjectID(hex: other.text(["rev-parse", "one"])))
    let bytes = try bundle(packs, [Reference("refs/heads/main", head), Reference("refs/tags/one", tag)])
    let all = try other.text(["rev-list", "--objects", "--all", "--no-object-names"]).split(separator: "\n")
    #expect(try GitBundle(reading: ByteSource(bytes)).objectCount == all.count + 1)
    #expect(try clone(bytes).isSuperset(of: all))
  }

  /// What nobody refers to stays behind, also where something else is a delta on it.
  @Test func whatNoRefLeadsToIsLeftOut() throws {
    let contents = (0..<6).map { version in Array(repeating: UInt8(ascii: "x"), count: 2_000) + Array("\(version)".utf8)
    }
    let blobs = contents.map { GitObject(.blob, $0) }
    var tree = Tree()
    tree.set(Array("a.json".utf8), isFolder: false, to: blobs[5].id)
    let root = GitObject(.tree, tree.bytes)
    let who = Signature(name: "Test", email: "test@example.org", seconds: 1_780_000_000)
    let commit = Commit(tree: root.id, parents: [], author: who, committer: who, message: "one\n").object
    let pack = try file(packOfDeltas(blobs + [root, commit]))
    let bytes = try bundle([pack], [Reference("refs/heads/main", commit.id)])
    let first = GitObject(.blob, Array("{\"backup\": 1}\n".utf8))
    #expect(try clone(bytes) == ids([blobs[5], root, commit, first]))
  }

  @Test func aMissingObjectIsAnError() throws {
    var history = RandomHistory(seed: 7)
    let objects = history.commits(10)
    let pack = try file(RandomHistory.pack(Array(objects.dropLast(12)) + [objects[objects.count - 1]]))
    let error = #expect(throws: GitError.self) {
      _ = try bundle([pack], [Reference("refs/heads/main", history.head!)])
    }
    #expect(error?.code == .notFound)
  }

  @Test func aFlippedBitIsFoundWhereverItIs() throws {
    var history = RandomHistory(seed: 9, files: 4)
    let objects = history.commits(4)
    let references = [Reference("HEAD", history.head!), Reference("refs/heads/main", history.head!)]
    let bytes = try bundle([try file(try condensed(objects))], references)
    let whole = try GitBundle(reading: ByteSource(bytes))
    for place in bytes.indices {
      var damaged = bytes
      damaged[place] ^= 1 << UInt8(place % 8)
      guard let read = try? GitBundle(reading: ByteSource(damaged)) else { continue }
      // A name has no checksum here: what it should be says the manifest.
      #expect(read.references != whole.references, "byte \(place) of \(bytes.count)")
      #expect(read.sha256 != whole.sha256)
    }
  }

  @Test func aBundleThatIsCutShortOrGoesOnIsDamaged() throws {
    var history = RandomHistory(seed: 10, files: 4)
    let objects = history.commits(3)
    let bytes = try bundle([try file(packOfDeltas(objects))], [Reference("refs/heads/main", history.head!)])
    for count in 0..<bytes.count {
      #expect(throws: GitError.self, "\(count) of \(bytes.count)") {
        try GitBundle(reading: ByteSource(Array(bytes.prefix(count))))
      }
    }
    #expect(throws: GitError.self) { try GitBundle(reading: ByteSource(bytes + [0])) }
  }

  @Test func aBundleSaysWhatItLacks() throws {
    let git = try GitClient()
    for number in 0..<2 {
      try git.write(Array("\(number)".utf8), to: "a")
      _ = try git.run(["add", "."])
      _ = try git.run(["commit", "-q", "-m", "\(number)"])
    }
    try git.run(["bundle", "create", "-q", "part.bundle", "HEAD~1..main"])
    let part = try GitBundle(reading: ByteSource(git.read("part.bundle")))
    #expect(part.absent.map(\.hex) == [try git.text(["rev-parse", "HEAD~1"])])
    #expect(part.objectCount == 3)
    // What is not said to be lacking is to be there.
    let silent = try git.read("part.bundle").split(separator: UInt8(ascii: "\n"), maxSplits: 2).enumerated()
    let lines = silent.filter { $0.offset != 1 }.map(\.element).joined(separator: [UInt8(ascii: "\n")])
    let error = #expect(throws: GitError.self) { try GitBundle(reading: ByteSource(Array(lines))) }
    #expect(error?.message.contains("which another one refers to") == true)
    // A whole one of Git's own is read.
    try git.run(["bundle", "create", "-q", "all.bundle", "--all"])
    #expect(try GitBundle(reading: ByteSource(git.read("all.bundle"))).objectCount == 6)
  }
}

extension ByteSource {
  fileprivate init(_ bytes: [UInt8]) {
    self.init(count: bytes.count) { Array(bytes.dropFirst($0).prefix($1)) }
  }
}
