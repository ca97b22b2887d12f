import SortedCollections
import Storage
import TestSupport
import Testing

/// The tree against a dictionary that is known to be right. Nodes hold four keys here, so that trees are deep.
@Suite struct BTreeTests {
  @Test(arguments: 0..<12 as Range<UInt64>) func behavesLikeASortedDictionary(seed: UInt64) throws {
    var random = RepeatableRandom(seed: seed)
    var model = TreeModel(KeyMaker(variety: Int(seed % 4)))
    // Phases that mostly insert and mostly remove make the tree grow and shrink to nothing several times.
    for step in 0..<1500 {
      try model.change(mostlyRemoving: step / 250 % 2 == 1, using: &random)
      try #require(model.tree.brokenInvariant() == nil, "seed \(seed), step \(step)")
    }
    try model.compareAll()
  }

  @Test(arguments: 0..<4 as Range<UInt64>) func keepsSnapshotsWhileItChanges(seed: UInt64) throws {
    var random = RepeatableRandom(seed: seed)
    var model = TreeModel(KeyMaker(variety: Int(seed % 4)))
    var snapshots: [TreeModel] = []
    for step in 0..<1200 {
      if step % 40 == 0 { snapshots.append(model) }
      try model.change(mostlyRemoving: step / 300 % 2 == 1, using: &random)
    }
    for (index, snapshot) in snapshots.enumerated() {
      #expect(snapshot.tree.brokenInvariant() == nil, "seed \(seed), snapshot \(index)")
      try snapshot.compareAll()
    }
  }

  /// Every order of insertion of up to six keys, followed by every first removal.
  @Test func isRightForEverySmallOrderOfInsertionAndRemoval() throws {
    let keys: [[UInt8]] = [[], [1], [1, 0], [1, 1, 1], [2, 255], [255]]
    for count in 0...keys.count {
      for order in permutations(Array(keys[..<count])) {
        var tree = BTree()
        for key in order {
          expectEqual(tree.insert(key, forKey: key), nil)
          #expect(tree.brokenInvariant() == nil)
        }
        #expect(tree.scan().map(\.key) == Array(keys[..<count]))
        for removed in order {
          var smaller = tree
          expectEqual(smaller.remove(removed), removed)
          #expect(smaller.brokenInvariant() == nil)
          #expect(smaller.scan().map(\.key) == keys[..<count].filter { $0 != removed })
        }
      }
    }
  }

  @Test func emptiesAndFillsInEitherDirection() {
    for ascending in [true, false] {
      let keys = (0..<300).map { [UInt8($0 / 256), UInt8($0 % 256)] }
      var tree = BTree()
      for key in ascending ? keys : keys.reversed() { tree.insert([1], forKey: key) }
      #expect(tree.first?.key == keys.first)
      #expect(tree.last?.key == keys.last)
      for key in ascending ? keys.reversed() : keys {
        expectEqual(tree.remove(key), [1])
        #expect(tree.brokenInvariant() == nil)
      }
      #expect(tree.isEmpty)
      #expect(tree.first == nil)
      expectEqual(tree.remove([0]), nil)
    }
  }

  @Test func holdsKeysAndValuesOfTheLargestSize() {
    var tree = BTree()
    let value = [UInt8](repeating: 5, count: Limits.valueBytes)
    for number in 0..<40 as Range<UInt8> {
      // A long common prefix, which a key at either end then lacks.
      let key = [UInt8](repeating: 9, count: Limits.keyBytes - 1) + [number]
      tree.insert(number % 3 == 0 ? value : [], forKey: key)
      #expect(tree.brokenInvariant() == nil)
    }
    for key: [UInt8] in [[], [255], [9], [8, 255]] {
      tree.insert(value, forKey: key)
      #expect(tree.brokenInvariant() == nil)
      #expect(tree[key] == value)
    }
    for number in 0..<40 as Range<UInt8> {
      let key = [UInt8](repeating: 9, count: Limits.keyBytes - 1) + [number]
      expectEqual(tree.insert(number % 3 == 1 ? value : [number], forKey: key), number % 3 == 0 ? value : [])
      #expect(tree.brokenInvariant() == nil)
    }
    #expect(tree.count == 44)
  }

  @Test func doesNotGrowWhenValuesChangeInLength() {
    var tree = BTree()
    for round in 0..<3000 {
      for number in 0..<5 as Range<UInt8> { tree[[number]] = [UInt8](repeating: 1, count: (round + Int(number)) % 50) }
    }
    #expect(tree.brokenInvariant() == nil)
    #expect(tree.memoryBytes < 10_000)
  }

  @Test func mergesPagesThatLostTheirKeys() {
    var tree = BTree()
    let keys = (0..<2000).map { [UInt8($0 / 256), UInt8($0 % 256)] }
    for key in keys { tree[key] = [1] }
    for (index, key) in keys.enumerated() where index % 20 != 0 { tree[key] = nil }
    var pages = 0
    tree.forEachPage { _ in pages += 1 }
    #expect(tree.count == 100)
    #expect(pages <= 60)
  }

  /// With the page size of release builds hundreds of keys share one prefix, and could not all give it up on one page.
  @Test func takesAKeyThatLacksALongCommonPrefix() {
    for odd: [UInt8] in [[], [7], [9], [9, 9, 10], [10]] {
      var tree = BTree()
      let prefix = [UInt8](repeating: 9, count: 1000)
      for number in 0..<250 as Range<UInt8> { tree[prefix + [number]] = [] }
      tree[odd] = [1]
      #expect(tree.brokenInvariant() == nil)
      #expect(tree.count == 251 && tree[odd] == [1] && tree[prefix + [249]] == [])
    }
  }

  @Test func findsValuesWithoutCopyingThem() {
    var tree = BTree()
    for number in 0..<100 as Range<UInt8> { tree[[number]] = [number, number] }
    let key: [UInt8] = [42]
    let absent: [UInt8] = [42, 0]
    expectEqual(tree.withValue(forKey: key.span) { $0.count }, 2)
    expectEqual(tree.withValue(forKey: absent.span) { $0.count }, nil)
    #expect(tree.contains([99]) && !tree.contains([100]))
    tree[key] = nil
    #expect(tree[key] == nil && tree.count == 99)
  }

  private func permutations(_ keys: [[UInt8]]) -> [[[UInt8]]] {
    if keys.isEmpty { return [[]] }
    return keys.indices.flatMap { index in
      var rest = keys
      let key = rest.remove(at: index)
      return permutations(rest).map { [key] + $0 }
    }
  }
}
