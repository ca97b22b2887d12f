import Testing

@testable import Git

@Suite struct IndexFileTests {
  private func entry(_ git: GitClient, _ content: String) throws -> IndexFile.Entry {
    let id = try git.text(["hash-object", "-w", "--stdin"], input: Array(content.utf8))
    return IndexFile.Entry(id: try #require(ObjectID(hex: id)), stat: .unknown)
  }

  private func listing(_ git: GitClient) throws -> [String] {
    try git.text(["ls-files", "--stage"]).split(separator: "\n").map(String.init)
  }

  @Test func aFolderIsWhatStandsRightInIt() throws {
    let paths = ["a", "b-c", "b/c", "b/d/e", "b/d/f", "b/d.json", "b/d/g/h", "b0", "c/x"]
    let ids = Dictionary(uniqueKeysWithValues: paths.map { ($0, ObjectID(hashing: Array($0.utf8), as: .blob)) })
    let changes = paths.map { Array($0.utf8) }.sorted { $0.lexicographicallyPrecedes($1) }
      .map { IndexFile.Change(path: $0, entry: .init(id: ids[String(decoding: $0, as: UTF8.self)]!, stat: .unknown)) }
    let index = try IndexFile(parsing: IndexFile().applying(changes))
    let folder = index.folder("b")
    #expect(folder.files.mapValues(\.id) == ["c": ids["b/c"], "d.json": ids["b/d.json"]])
    #expect(folder.folders == ["d"])
    #expect(index.folder("b/d").folders == ["g"])
    #expect(Set(index.folder("b/d").files.keys) == ["e", "f"])
    #expect(index.folder("none").files.isEmpty)
  }

  @Test(arguments: [1, 2, 3] as [UInt64])
  func randomChangesGiveTheIndexThatGitWouldHave(seed: UInt64) throws {
    let git = try GitClient()
    var numbers = SeededNumbers(seed: seed)
    var bytes = IndexFile().applying([])
    var model: [String: IndexFile.Entry] = [:]
    for round in 0..<12 {
      var changes: [String: IndexFile.Entry?] = [:]
      for _ in 0..<Int.random(in: 0...9, using: &numbers) {
        let path =
          "d\(Int.random(in: 0...3, using: &numbers))/"
          + String(repeating: "x", count: Int.random(in: 1...17, using: &numbers))
        let value = try Bool.random(using: &numbers) ? entry(git, "\(numbers.next())") : nil
        changes[path] = .some(value)
        model[path] = value
      }
      let ordered = changes.map { IndexFile.Change(path: Array($0.key.utf8), entry: $0.value) }
        .sorted { $0.path.lexicographicallyPrecedes($1.path) }
      bytes = try IndexFile(parsing: bytes).applying(ordered)
      try git.write(bytes, to: ".git/index")
      let expected = model.sorted { Array($0.key.utf8).lexicographicallyPrecedes(Array($1.key.utf8)) }
        .map { "100644 \($0.value.id) 0\t\($0.key)" }
      #expect(try listing(git) == expected, "seed \(seed) round \(round)")
    }
  }

  @Test func anIndexThatGitWroteIsReadAndItsOtherPathsAreKept() throws {
    let git = try GitClient()
    for name in ["a.json", "b/c.json", "z.json"] { try git.write(Array(name.utf8), to: name) }
    try git.run(["add", "."])
    let index = try IndexFile(parsing: git.read(".git/index"))
    #expect(
      (0..<index.count).map { String(decoding: index.path(at: $0), as: UTF8.self) } == ["a.json", "b/c.json", "z.json"])
    let changed = index.applying([.init(path: Array("b/c.json".utf8), entry: try entry(git, "new"))])
    try git.write(changed, to: ".git/index")
    #expect(try git.text(["diff-files", "--name-only"]) == "b/c.json")
    #expect(!index.hasUnmergedPaths)
  }

  @Test func aPathOfMoreThanFourThousandBytesSurvives() throws {
    let git = try GitClient()
    let long = (0..<30).map { _ in String(repeating: "p", count: 150) }.joined(separator: "/")
    let bytes = IndexFile().applying([
      .init(path: Array(long.utf8), entry: try entry(git, "1")),
      .init(path: Array("q".utf8), entry: try entry(git, "2")),
    ])
    let index = try IndexFile(parsing: bytes)
    #expect(index.count == 2)
    #expect(String(decoding: index.path(at: 0), as: UTF8.self) == long)
    try git.write(bytes, to: ".git/index")
    #expect(try listing(git).count == 2)
  }

  @Test func otherLayoutsAndDamageAreRefused() throws {
    let git = try GitClient()
    try git.write(Array("1".utf8), to: "a.json")
    try git.run(["add", "."])
    let good = try git.read(".git/index")
    for count in stride(from: 0, to: good.count - 1, by: 3) {
      #expect(throws: GitError.self) { try IndexFile(parsing: Array(good.prefix(count))) }
    }
    try git.run(["update-index", "--index-version", "4"])
    #expect(throws: GitError.self) { try IndexFile(parsing: git.read(".git/index")) }
  }
}
