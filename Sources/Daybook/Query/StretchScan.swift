import Storage

/// Steps through several stretches of keys at once, in the order of what follows behind the bytes that each shares.
struct StretchScan {
  private let shared: [Int]
  private let direction: ScanDirection
  private var cursors: [BTreeCursor]
  /// The cursors that stand at a key.
  private var standing: [Int] = []
  /// The one whose key is next; nil before the first step.
  private var current: Int?

  init(_ stretches: [QueryPlan.Stretch], in tree: BTree, _ direction: ScanDirection) {
    shared = stretches.map(\.shared.count)
    self.direction = direction
    cursors = stretches.map { tree.cursor($0.range, direction) }
  }

  /// Steps to the next key; false when there is none. Before the first step, and after that, it stands nowhere.
  mutating func next() -> Bool {
    if let current {
      if !cursors[current].next() { standing.removeAll { $0 == current } }
    } else {
      for place in cursors.indices where cursors[place].next() { standing.append(place) }
    }
    current = first()
    return current != nil
  }

  private func first() -> Int? {
    // Most scans have one stretch and nothing to compare.
    if standing.count < 2 { return standing.first }
    return direction == .ascending ? standing.min(by: precedes) : standing.max(by: precedes)
  }

  var key: [UInt8] { current.map { cursors[$0].key } ?? [] }

  /// How many bytes of the key its stretch shares.
  var sharedBytes: Int { current.map { shared[$0] } ?? 0 }

  func withValue<Result>(_ body: (Span<UInt8>) -> Result) -> Result {
    guard let current else { preconditionFailure("Only a key has a value.") }
    return cursors[current].withValue(body)
  }

  private func precedes(_ one: Int, _ other: Int) -> Bool {
    cursors[one].key[shared[one]...].lexicographicallyPrecedes(cursors[other].key[shared[other]...])
  }
}
