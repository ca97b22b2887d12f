import Testing

@testable import Git

struct TreeChangesTests {
  /// Random pairs of folders, against dictionaries. Names share prefixes, and are files here and folders there.
  @Test(arguments: [1, 2, 3, 4, 5] as [UInt64])
  func tellsWhatDiffersInGitsOrder(seed: UInt64) throws {
    var numbers = SeededNumbers(seed: seed)
    let names = ["a", "a-", "a.json", "a0", "ab", "b", "ü", "zz", "aa.b"]
    for _ in 0..<100 {
      var models = [[String: ObjectID]](repeating: [:], count: 2)
      var trees = [Tree(), Tree()]
      for side in 0...1 {
        for name in names where Bool.random(using: &numbers) {
          let isFolder = Bool.random(using: &numbers)
          let id = ObjectID(hashing: [UInt8.random(in: 0...2, using: &numbers)], as: .blob)
          trees[side].set(Array(name.utf8), isFolder: isFolder, to: id)
          models[side][isFolder ? name + "/" : name] = id
        }
      }
      let changes = try TreeChanges.between(trees[0].bytes, trees[1].bytes)
      let keys = changes.map { $0.isFolder ? $0.name + "/" : $0.name }
      #expect(keys == keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
      #expect(Set(keys) == Set(models[0].keys).union(models[1].keys).filter { models[0][$0] != models[1][$0] })
      for (key, change) in zip(keys, changes) {
        #expect(change.previous == models[0][key])
        #expect(change.id == models[1][key])
      }
    }
  }

  @Test func anotherModeIsAChange() throws {
    var tree = Tree()
    tree.set(Array("run".utf8), isFolder: false, to: .zero)
    let executable = Array("100755".utf8) + tree.bytes.dropFirst(6)
    let changes = try TreeChanges.between(tree.bytes, executable)
    #expect(changes.map(\.name) == ["run"])
    #expect(changes[0].id == changes[0].previous)
  }

  @Test func whatIsNoTreeIsAnError() {
    #expect(throws: GitError.self) { try TreeChanges.between([], Array("100644 a".utf8)) }
  }
}
