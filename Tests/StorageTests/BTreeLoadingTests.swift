import Storage
import TestSupport
import Testing

@Suite struct BTreeLoadingTests {
  @Test func buildsTheSameTreeFromSortedKeys() {
    for count in [0, 1, 2, 4, 5, 16, 17, 64, 65, 300] {
      let entries = (0..<count).map { (key: Array("key/\(1000 + $0)".utf8), value: [UInt8($0 % 256)]) }
      var tree = BTree(sorted: entries)
      #expect(tree.brokenInvariant() == nil, "\(count) keys")
      #expect(tree.count == count)
      #expect(tree.scan().map(\.key) == entries.map(\.key))
      tree[Array("key/1000x".utf8)] = [1]
      #expect(tree.brokenInvariant() == nil)
    }
  }

  @Test func fillsLeavesWhenKeysAscend() {
    let keys = (0..<400).map { Array("tasks/\(1000 + $0)".utf8) }
    var inserted = BTree()
    for key in keys { inserted[key] = [1] }
    var pages = 0
    inserted.forEachPage { _ in pages += 1 }
    #expect(pages <= keys.count / 4 + 1)
  }

  @Test(arguments: 0..<4 as Range<UInt64>) func readsBackThePagesThatItWrote(seed: UInt64) throws {
    var random = RepeatableRandom(seed: seed)
    var model = TreeModel(KeyMaker(variety: Int(seed)))
    for step in 0..<600 { try model.change(mostlyRemoving: step % 200 > 150, using: &random) }
    let read = BTree(pages: model.tree.encoded.span)
    model.tree = try #require(read)
    try model.compareAll()
    #expect(model.tree.brokenInvariant() == nil)
    for _ in 0..<100 { try model.change(mostlyRemoving: false, using: &random) }
    #expect(model.tree.brokenInvariant() == nil)
    expectEqual(BTree(pages: BTree().encoded.span)?.isEmpty, true)
  }

  /// The caller's checksum finds accidents; here it only matters that nothing makes the program stop.
  @Test func survivesDamagedPages() throws {
    var tree = BTree()
    for number in 0..<40 { tree[Array("profiles/llm/\(number)".utf8)] = [UInt8(number)] }
    let bytes = tree.encoded
    for length in 1..<bytes.count { _ = BTree(pages: bytes.span.extracting(first: length)) }
    for bit in 0..<bytes.count * 8 {
      var flipped = bytes
      flipped[bit / 8] ^= 1 << (bit % 8)
      guard let read = BTree(pages: flipped.span) else { continue }
      #expect(read.brokenInvariant() == nil, "bit \(bit)")
      #expect(Array(read.scan()).count == read.count)
    }
  }
}

extension BTree {
  fileprivate var encoded: [UInt8] {
    var bytes: [UInt8] = []
    forEachPage { bytes += [UInt8]($0) }
    return bytes
  }
}
