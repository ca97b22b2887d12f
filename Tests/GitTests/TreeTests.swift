import Testing

@testable import Git

@Suite struct TreeTests {
  /// Random sets and removals, against a dictionary and against the tree that `git mktree` makes of it. Names share
  /// prefixes, so that folders sort as if they ended in a slash.
  @Test(arguments: [1, 2, 3, 4, 5] as [UInt64])
  func randomEditsMakeTheTreeThatGitMakes(seed: UInt64) throws {
    let git = try GitClient()
    let blob = try #require(ObjectID(hex: try git.text(["hash-object", "-w", "--stdin"])))
    let folder = try #require(ObjectID(hex: try git.text(["mktree"])))
    var numbers = SeededNumbers(seed: seed)
    let names = ["a", "a-", "a.json", "a0", "ab", "b", "ü", "a/".replacing("/", with: "_"), "zz", "aa.b"]
    var tree = Tree()
    var model: [String: Bool] = [:]
    for step in 0..<300 {
      let name = names.randomElement(using: &numbers)!
      if let isFolder = model[name], Bool.random(using: &numbers) {
        tree.remove(Array(name.utf8), isFolder: isFolder)
        model[name] = nil
      } else if model[name] == nil {
        let isFolder = Bool.random(using: &numbers)
        tree.set(Array(name.utf8), isFolder: isFolder, to: isFolder ? folder : blob)
        model[name] = isFolder
      }
      for name in names {
        #expect((tree.folder(named: Array(name.utf8)) != nil) == (model[name] == true), "seed \(seed) step \(step)")
        #expect((tree.file(named: Array(name.utf8)) != nil) == (model[name] == false), "seed \(seed) step \(step)")
      }
      guard step % 50 == 49 else { continue }
      let listing = model.map { name, isFolder in
        isFolder ? "040000 tree \(folder)\t\(name)\n" : "100644 blob \(blob)\t\(name)\n"
      }.joined()
      #expect(GitObject(.tree, tree.bytes).id.hex == (try git.text(["mktree"], input: Array(listing.utf8))))
      #expect(Set(try tree.entries().map(\.name)) == Set(model.keys))
    }
  }

  @Test func settingANameAgainReplacesItsID() {
    var tree = Tree()
    let (one, two) = (ObjectID(hashing: [1], as: .blob), ObjectID(hashing: [2], as: .blob))
    tree.set(Array("x".utf8), isFolder: false, to: one)
    let size = tree.bytes.count
    tree.set(Array("x".utf8), isFolder: false, to: two)
    #expect(tree.file(named: Array("x".utf8)) == two)
    #expect(tree.bytes.count == size)
  }
}
