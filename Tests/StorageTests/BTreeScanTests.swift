import Storage
import TestSupport
import Testing

@Suite struct BTreeScanTests {
  private func model(seed: UInt64, steps: Int = 300) throws -> (model: TreeModel, random: RepeatableRandom) {
    var random = RepeatableRandom(seed: seed)
    var model = TreeModel(KeyMaker(variety: Int(seed % 4)))
    for _ in 0..<steps { try model.change(mostlyRemoving: false, using: &random) }
    return (model, random)
  }

  @Test(arguments: 0..<8 as Range<UInt64>) func visitsExactlyTheKeysOfARange(seed: UInt64) throws {
    var (model, random) = try model(seed: seed)
    for _ in 0..<150 {
      let bounds = (0..<2).map { _ in randomBound(model.keys, using: &random) }
      let range = KeyRange(from: bounds[0], to: bounds[1])
      try model.compare(range)
      #expect(model.tree.count(in: range) == model.oracle.count { range.contains($0.key.bytes) })
    }
  }

  @Test(arguments: 0..<8 as Range<UInt64>) func visitsExactlyTheKeysWithAPrefix(seed: UInt64) throws {
    var (model, random) = try model(seed: seed)
    for _ in 0..<100 {
      let prefix = Array(model.keys.key(using: &random).prefix(Int.random(in: 0...19, using: &random)))
      let expected = model.oracle.map(\.key.bytes).filter { $0.starts(with: prefix) }
      #expect(model.tree.scan(prefix: prefix).map(\.key) == expected, "seed \(seed), prefix \(prefix)")
      #expect(model.tree.scan(prefix: prefix, .descending).map(\.key) == expected.reversed())
      let after = model.keys.key(using: &random)
      let above = expected.filter { OracleKey(bytes: after) < OracleKey(bytes: $0) }
      let below = expected.filter { OracleKey(bytes: $0) < OracleKey(bytes: after) }
      #expect(model.tree.scan(prefix: prefix, after: after).map(\.key) == above, "seed \(seed), after \(after)")
      #expect(model.tree.scan(prefix: prefix, after: after, .descending).map(\.key) == below.reversed())
    }
  }

  @Test func treatsPrefixesOfHighestBytesLikeAnyOther() {
    var tree = BTree()
    let keys: [[UInt8]] = [[254, 255], [255], [255, 0], [255, 255], [255, 255, 7]]
    for key in keys { tree[key] = [] }
    #expect(tree.scan(prefix: [255]).map(\.key) == Array(keys[1...]))
    #expect(tree.scan(prefix: [255, 255], .descending).map(\.key) == [keys[4], keys[3]])
    #expect(tree.scan(prefix: [254]).map(\.key) == [keys[0]])
  }

  @Test func readsPageAfterPageByTheLastKeySeen() throws {
    let (model, _) = try model(seed: 2)
    for direction in [ScanDirection.ascending, .descending] {
      var seen: [[UInt8]] = []
      var after: [UInt8]?
      repeat {
        let page = model.tree.scan(prefix: Array("sessions/".utf8), after: after, direction).prefix(7).map(\.key)
        seen += page
        after = page.last
      } while after != nil
      let all = model.oracle.map(\.key.bytes)
      #expect(seen == (direction == .ascending ? all : all.reversed()))
    }
  }

  @Test func staysAtTheEndOnceItIsThere() {
    var tree = BTree()
    tree[[1]] = [1]
    var cursor = tree.cursor(.prefix([1]))
    tree[[1, 1]] = [2]
    expectEqual(cursor.next(), true)
    #expect(cursor.key == [1] && cursor.value == [1])
    expectEqual(cursor.withValue { $0.count }, 1)
    expectEqual(cursor.next(), false)
    expectEqual(cursor.next(), false)
  }

  private func randomBound(_ keys: KeyMaker, using random: inout RepeatableRandom) -> KeyRange.Bound {
    switch Int.random(in: 0..<5, using: &random) {
    case 0: .unbounded
    case 1, 2: .including(keys.key(using: &random))
    default: .excluding(keys.key(using: &random))
    }
  }
}
