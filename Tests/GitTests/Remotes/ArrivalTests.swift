import Testing

@testable import Git

/// Histories that somebody else made, as libgit2 would let them in.
@Suite struct ArrivalTests {
  private let git: GitClient
  private let blob: String

  init() throws {
    git = try GitClient()
    blob = try git.text(["hash-object", "-w", "--stdin"], input: Array("{}\n".utf8))
  }

  /// An entry of a folder as its bytes.
  private func entry(_ mode: String, _ name: [UInt8], _ id: String) throws -> [UInt8] {
    Array("\(mode) ".utf8) + name + [0] + (try #require(ObjectID(hex: id))).bytes
  }

  private func entry(_ mode: String, _ name: String, _ id: String) throws -> [UInt8] {
    try entry(mode, Array(name.utf8), id)
  }

  /// A folder of these bytes, whatever they are.
  private func tree(_ entries: [UInt8]...) throws -> String {
    try git.text(
      ["hash-object", "-t", "tree", "-w", "--literally", "--stdin"], input: entries.flatMap { $0 })
  }

  private func commit(_ tree: String, _ parents: String...) throws -> ObjectID {
    let arguments = ["commit-tree", tree, "-m", "a"] + parents.flatMap { ["-p", $0] }
    return try #require(ObjectID(hex: try git.text(arguments)))
  }

  private func inspect(
    _ tip: ObjectID, following: ObjectID? = nil, known: [ObjectID] = [],
    _ rules: ArrivalRules = ArrivalRules(fileBytes: 1_000)
  ) throws -> Int {
    let repository = try Repository.open(at: git.folder, staged: StagedObjects())
    return try repository.inspectArrivals(through: tip, following: following, known: known, rules)
  }

  /// What is wrong with a folder: its path, and why.
  private func fault(of tree: String, _ rules: ArrivalRules = ArrivalRules(fileBytes: 1_000)) throws -> [String] {
    let tip = try commit(tree)
    let fault = #expect(throws: ArrivalFault.self) { try inspect(tip, rules) }
    guard case .hostile(let commit, let path, let reason) = fault, commit == tip else {
      Issue.record("\(String(describing: fault))")
      return []
    }
    return [path, reason]
  }

  @Test func anOrdinaryHistoryIsLetIn() throws {
    let folder = try tree(entry("100644", "a.json", blob), entry("100644", "b.json", blob))
    let first = try commit(tree(entry("40000", "notes", folder)))
    let second = try commit(tree(entry("100644", "README.md", blob), entry("40000", "notes", folder)), first.hex)
    #expect(try inspect(second) == 2)
    #expect(try inspect(second, following: first, known: [first]) == 1)
    #expect(try inspect(second, following: second, known: [second]) == 0)
  }

  @Test(arguments: [
    ("120000", "is a symbolic link"), ("160000", "is a submodule"),
    ("100755", "is a program (mode 100755), and not a plain file"), ("100600", "is neither a plain file nor a folder"),
    ("040000", "is neither a plain file nor a folder"),
  ])
  func onlyPlainFilesAndFoldersAreLetIn(_ mode: String, _ reason: String) throws {
    let folder = try tree(entry("100644", "a", blob), entry(mode, "b", blob))
    #expect(try fault(of: tree(entry("40000", "notes", folder))) == ["notes/b", reason])
  }

  @Test(arguments: ["..", ".git", ".GIT", "git~1", "a/b", "a\nb", ".g\u{200C}it"])
  func anUnsafeNameIsNotLetIn(_ name: String) throws {
    for mode in ["100644", "40000"] {
      let id = try mode == "40000" ? tree(entry("100644", "a", blob)) : blob
      #expect(try fault(of: tree(entry(mode, name, id))).first == name.replacing("\n", with: "\u{FFFD}"))
    }
  }

  @Test func twinsWouldOverwriteEachOther() throws {
    let twins = try tree(entry("100644", "README", blob), entry("100644", "readme", blob))
    #expect(try fault(of: twins) == ["readme", "is the same name as 'README' on many disks"])
    let folder = try tree(entry("100644", "x", blob))
    #expect(try fault(of: tree(entry("100644", "a", blob), entry("40000", "a", folder))).first == "a")
  }

  @Test func twinsThatWereLetInBeforeAreLeftAlone() throws {
    let (one, two) = (try entry("100644", "README", blob), try entry("100644", "readme", blob))
    let known = try commit(tree(one, two))
    let next = try commit(tree(one, entry("100644", "new", blob), two), known.hex)
    #expect(try inspect(next, following: known, known: [known]) == 1)
  }

  /// A person's own commits are not held against what comes later.
  @Test func whatStoodThereBeforeIsLeftAlone() throws {
    let program = try entry("100755", "run", blob)
    let known = try commit(tree(program))
    let next = try commit(tree(entry("100644", "new", blob), program), known.hex)
    #expect(try inspect(next, following: known, known: [known]) == 1)
    let made = try commit(tree(entry("100755", "run", blob)), try commit(tree(entry("100644", "run", blob))).hex)
    #expect(throws: ArrivalFault.self) { try inspect(made) }
  }

  @Test func foldersWithTheSameNamesAreComparedInTheirBytes() throws {
    let other = try git.text(["hash-object", "-w", "--stdin"], input: [1])
    let (a, b) = (try entry("100644", "a 1", blob), try entry("100644", "b", blob))
    let changed = try entry("100644", "b", other)
    let found = try #require(ArrivedTree.replacements(in: a + changed, of: a + b))
    #expect(found.map(\.entry) == [try ArrivedTree(changed).entries[0]])
    #expect(found.map(\.before.hex) == [blob])
    #expect(ArrivedTree.replacements(in: a + b, of: a + b)?.isEmpty == true)
    #expect(ArrivedTree.replacements(in: a + b, of: b + a) == nil)
    #expect(try ArrivedTree.replacements(in: entry("120000", "b", blob), of: entry("100644", "b", blob)) == nil)
    #expect(ArrivedTree.replacements(in: a, of: a + b) == nil)
    #expect(ArrivedTree.replacements(in: Array(b.dropLast()), of: Array(b.dropLast())) == nil)
    #expect(ArrivedTree.replacements(in: [0], of: [0]) == nil)
  }

  @Test func namesOutOfOrderAreNotLetIn() throws {
    let unsorted = try tree(entry("100644", "b", blob), entry("100644", "a", blob))
    #expect(try fault(of: unsorted) == ["a", "stands twice or in the wrong place of its folder"])
    let twice = try tree(entry("100644", "a", blob), entry("100644", "a", blob))
    #expect(try fault(of: twice).first == "a")
  }

  @Test func aFolderThatIsCutShortIsNotLetIn() throws {
    let whole = try entry("100644", "a", blob)
    let tip = try commit(tree(Array(whole.dropLast())))
    #expect(throws: ArrivalFault.self) { try inspect(tip) }
  }

  @Test func aFileThatIsNoneIsNotLetIn() throws {
    let folder = try tree(entry("100644", "x", blob))
    #expect(try fault(of: tree(entry("100644", "a", folder))) == ["a", "is no blob, as its folder says"])
    #expect(try fault(of: tree(entry("40000", "a", blob))) == ["a", "is no tree, as its folder says"])
  }

  @Test func sizesAndNumbersHaveBounds() throws {
    let large = try git.text(["hash-object", "-w", "--stdin"], input: Array(repeating: 32, count: 1_001))
    #expect(try fault(of: tree(entry("100644", "a", large))) == ["a", "has 1001 bytes; 1000 are the most"])
    var deep = try tree(entry("100644", "x", blob))
    for _ in 0..<5 { deep = try tree(entry("40000", "d", deep)) }
    #expect(try fault(of: deep, ArrivalRules(fileBytes: 9, depth: 4)).last == "lies deeper than 4 folders")
    #expect(try fault(of: deep, ArrivalRules(fileBytes: 9, pathBytes: 8)).last == "has a path of more than 8 bytes")
    let two = try tree(entry("100644", "a", blob), entry("100644", "b", blob))
    #expect(try fault(of: two, ArrivalRules(fileBytes: 9, names: 1)) == ["", "has more than 1 names"])
    #expect(
      try fault(of: two, ArrivalRules(fileBytes: 9, changes: 1)) == [
        "b", "is one more than the 1 that a commit may change",
      ])
  }

  /// Ten folders that each hold the next one ten times: 10,000,000,000 files in eleven objects.
  @Test func aBombOfFoldersIsNotUnfolded() throws {
    var bomb = try tree(entry("100644", "x", blob))
    for _ in 0..<10 {
      let names = try (0..<10).flatMap { try entry("40000", "d\($0)", bomb) }
      bomb = try tree(names)
    }
    #expect(try fault(of: bomb, ArrivalRules(fileBytes: 9, changes: 10_000)).last?.contains("10000") == true)
  }

  @Test func eachCommitOfTheWayIsLookedAt() throws {
    let good = try tree(entry("100644", "a", blob))
    let bad = try commit(tree(entry("120000", "a", blob)))
    let tip = try commit(good, bad.hex)
    let fault = #expect(throws: ArrivalFault.self) { try inspect(tip) }
    #expect(fault == .hostile(commit: bad, path: "a", reason: "is a symbolic link"))
  }

  @Test func whatIsBehindTheSecondParentIsLookedAt() throws {
    let good = try tree(entry("100644", "a", blob))
    let bad = try commit(tree(entry("120000", "a", blob)))
    let known = try commit(good)
    let tip = try commit(good, known.hex, bad.hex)
    #expect(throws: ArrivalFault.self) { try inspect(tip, following: known, known: [known]) }
  }

  @Test func aRewrittenHistoryIsNotFollowed() throws {
    let first = try commit(tree(entry("100644", "a", blob)))
    let other = try commit(tree(entry("100644", "b", blob)))
    let next = try commit(tree(entry("100644", "c", blob)), first.hex)
    for found in [other, first] {
      let fault = #expect(throws: ArrivalFault.self) { try inspect(found, following: next, known: [next]) }
      #expect(fault == .rewritten(known: next, found: found))
    }
  }

  @Test func aHistoryThatIsNotWholeIsNotLetIn() throws {
    let missing = String(repeating: "1", count: 40)
    for tip in try [commit(tree(entry("100644", "a", missing))), commit(tree(entry("40000", "a", missing)))] {
      let fault = #expect(throws: ArrivalFault.self) { try inspect(tip) }
      guard case .unreadable = fault else {
        Issue.record("\(String(describing: fault))")
        continue
      }
    }
  }

  @Test func whatACommitSaysCanBeAReason() throws {
    let tip = try commit(tree(entry("100644", "a", blob)))
    let rules = ArrivalRules(fileBytes: 9) { $0.subject == "a" ? "says a" : nil }
    let fault = #expect(throws: ArrivalFault.self) { try inspect(tip, rules) }
    #expect(fault == .hostile(commit: tip, path: "", reason: "says a"))
  }
}
