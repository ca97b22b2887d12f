import SortedCollections
import Storage
import Testing

/// A byte key that compares like the tree compares keys.
struct OracleKey: Comparable {
  var bytes: [UInt8]
  static func < (left: OracleKey, right: OracleKey) -> Bool { left.bytes.lexicographicallyPrecedes(right.bytes) }
}

/// Keys of four shapes: short ones over two letters, numbers, paths with long common prefixes, and any bytes.
struct KeyMaker {
  var variety: Int

  func key(using random: inout some RandomNumberGenerator) -> [UInt8] {
    switch variety {
    case 0: bytes(count: Int.random(in: 0...6, using: &random), in: 0...1, using: &random)
    case 1: [0, 0, UInt8.random(in: 0...1, using: &random), UInt8.random(in: 0...255, using: &random)]
    case 2:
      Array("sessions/2026/11/2\(Int.random(in: 0...2, using: &random))/".utf8)
        + Array("\(Int.random(in: 0...200, using: &random))/session.json".utf8)
    default: bytes(count: Int.random(in: 0...20, using: &random), in: 0...255, using: &random)
    }
  }

  private func bytes(
    count: Int, in range: ClosedRange<UInt8>, using random: inout some RandomNumberGenerator
  ) -> [UInt8] {
    (0..<count).map { _ in UInt8.random(in: range, using: &random) }
  }
}

/// A tree together with the dictionary that tells what it must hold.
struct TreeModel {
  let keys: KeyMaker
  var tree = BTree()
  var oracle = SortedDictionary<OracleKey, [UInt8]>()

  init(_ keys: KeyMaker) {
    self.keys = keys
  }

  /// Makes one random change and compares what it returns.
  mutating func change(mostlyRemoving: Bool, using random: inout some RandomNumberGenerator) throws {
    let removes = Int.random(in: 0..<10, using: &random) < (mostlyRemoving ? 9 : 2)
    var key = keys.key(using: &random)
    if removes, !oracle.isEmpty {
      key =
        oracle[oracle.index(oracle.startIndex, offsetBy: Int.random(in: 0..<oracle.count, using: &random))].key.bytes
    }
    if removes {
      let old = (tree.remove(key), oracle.removeValue(forKey: OracleKey(bytes: key)))
      try #require(old.0 == old.1)
    } else {
      let value = [UInt8](repeating: 3, count: Int.random(in: 0...40, using: &random))
      let old = (tree.insert(value, forKey: key), oracle.updateValue(value, forKey: OracleKey(bytes: key)))
      try #require(old.0 == old.1)
    }
    try #require(tree.count == oracle.count)
    try #require(tree[key] == oracle[OracleKey(bytes: key)])
  }

  /// Compares everything, in both directions.
  func compareAll() throws {
    try compare(.all)
  }

  /// Compares what scans of a range give in both directions.
  func compare(_ range: KeyRange) throws {
    let expected = oracle.map { (key: $0.key.bytes, value: $0.value) }.filter { range.holds($0.key) }
    let ascending = Array(tree.scan(range))
    try #require(ascending.map(\.key) == expected.map(\.key), "\(range)")
    try #require(ascending.map(\.value) == expected.map(\.value), "\(range)")
    try #require(tree.scan(range, .descending).map(\.key) == expected.reversed().map(\.key), "\(range), descending")
  }
}

extension KeyRange {
  /// Whether a key lies in the range, told in the plainest way.
  func holds(_ key: [UInt8]) -> Bool {
    let key = OracleKey(bytes: key)
    let isAbove =
      switch lower {
      case .unbounded: true
      case .including(let bound): OracleKey(bytes: bound) <= key
      case .excluding(let bound): OracleKey(bytes: bound) < key
      }
    let isBelow =
      switch upper {
      case .unbounded: true
      case .including(let bound): key <= OracleKey(bytes: bound)
      case .excluding(let bound): key < OracleKey(bytes: bound)
      }
    return isAbove && isBelow
  }
}
