import Testing

@testable import Git

@Suite struct PackTests {
  /// Versions of a few growing and changing contents, each knowing the one before.
  private func history(_ count: Int, seed: UInt64) -> [GitObject] {
    var numbers = SeededNumbers(seed: seed)
    var contents: [[UInt8]] = (0..<5).map { place in
      Array("{\"place\": \(place)}\n".utf8) + [UInt8](repeating: 97, count: place * 900)
    }
    var last: [ObjectID?] = Array(repeating: nil, count: contents.count)
    return (0..<count).map { _ in
      let place = Int.random(in: 0..<contents.count, using: &numbers)
      let cut = Int.random(in: 0...contents[place].count, using: &numbers)
      switch Int.random(in: 0..<4, using: &numbers) {
      case 0: contents[place].append(contentsOf: Array("line \(numbers.next())\n".utf8))
      case 1: contents[place].insert(contentsOf: Array("\(numbers.next())".utf8), at: cut)
      case 2: contents[place].removeSubrange(cut..<min(cut + 7, contents[place].count))
      default: contents[place] = Array("\(numbers.next())".utf8)
      }
      let object = GitObject(.blob, contents[place], predecessor: last[place])
      last[place] = object.id
      return object
    }
  }

  private func pack(_ objects: [GitObject]) -> ComposedPack {
    var writer = PackWriter()
    var known: [ObjectID: GitObject] = [:]
    for object in objects {
      writer.add(object, base: object.predecessor.flatMap { known[$0] })
      known[object.id] = object
    }
    return writer.finish()
  }

  private func install(_ pack: ComposedPack, in git: GitClient) throws {
    try git.write(pack.pack, to: ".git/objects/pack/pack-\(pack.name).pack")
    try git.write(pack.index, to: ".git/objects/pack/pack-\(pack.name).idx")
  }

  @Test(arguments: [1, 2, 3] as [UInt64])
  func gitReadsOurPackAndMakesTheSameIndex(seed: UInt64) throws {
    let git = try GitClient()
    let objects = history(400, seed: seed)
    let made = pack(objects)
    try git.write(made.pack, to: "in.pack")
    _ = try git.run(["index-pack", "--strict", "-o", "in.idx", "in.pack"])
    #expect(try git.read("in.idx") == made.index)
    try install(made, in: git)
    for object in objects { #expect(try git.run(["cat-file", "blob", object.id.hex]) == object.content) }
  }

  @Test func chainsOfDeltasStayShort() throws {
    let git = try GitClient()
    var objects: [GitObject] = []
    for version in 0..<200 {
      let content = Array("{\"n\": \(version)}\n".utf8) + [UInt8](repeating: 98, count: 2000)
      objects.append(GitObject(.blob, content, predecessor: objects.last?.id))
    }
    let made = pack(objects)
    try install(made, in: git)
    let listing = try git.text(["verify-pack", "-v", ".git/objects/pack/pack-\(made.name).idx"])
    let depths = listing.split(separator: "\n").compactMap { line -> Int? in
      let fields = line.split(separator: " ")
      return fields.count == 7 ? Int(fields[5]) : nil
    }
    #expect(depths.max() == PackWriter.maximumChain)
    #expect(made.pack.count < 30_000)
  }

  @Test func mergingPacksKeepsEveryObjectOnce() throws {
    let git = try GitClient()
    let objects = history(300, seed: 11)
    let parts = [Array(objects[..<120]), Array(objects[80..<200]), Array(objects[200...])].map { pack($0) }
    let merged = try PackMerge.merged(try parts.map { try PackSource(pack: $0.pack, index: $0.index) })
    try install(merged, in: git)
    _ = try git.run(["verify-pack", ".git/objects/pack/pack-\(merged.name).idx"])
    for object in objects { #expect(try git.run(["cat-file", "blob", object.id.hex]) == object.content) }
    let count = try git.text(["show-index"], input: merged.index).split(separator: "\n").count
    #expect(count == Set(objects.map(\.id)).count)
  }

  @Test func aDamagedPackIsNotMerged() throws {
    let made = pack(history(50, seed: 3))
    var index = made.index
    index[2000 % index.count] ^= 1
    #expect(throws: GitError.self) { try PackSource(pack: made.pack, index: index) }
    var bytes = made.pack
    bytes[bytes.count / 2] ^= 1
    #expect(throws: GitError.self) {
      try PackMerge.merged([try PackSource(pack: bytes, index: made.index)])
    }
  }

  @Test func aPackOfGitsOwnIsRecognisedAsNotCopyable() throws {
    let git = try GitClient()
    for version in 0..<20 {
      try git.write(Array("{\"n\": \(version)}\n".utf8) + (0..<3000).map { UInt8(97 + $0 % 17) }, to: "a.json")
      try git.run(["add", "."])
      try git.run(["commit", "-q", "-m", "\(version)"])
    }
    try git.run(["gc", "-q"])
    let name = try #require(try git.text(["rev-parse", "HEAD"]).isEmpty ? nil : packName(git))
    let source = try PackSource(pack: git.read(name + ".pack"), index: git.read(name + ".idx"))
    #expect(!source.isCopyable)
  }

  private func packName(_ git: GitClient) throws -> String {
    let line = try git.text(["count-objects", "-v"])
    #expect(line.contains("packs: 1"))
    let path = try git.text(["rev-parse", "--git-path", "objects/pack"])
    let listing = try git.text(["-c", "alias.ls=!ls", "ls", path])
    let file = try #require(listing.split(separator: "\n").first { $0.hasSuffix(".idx") })
    return "\(path)/\(file.dropLast(4))"
  }
}
