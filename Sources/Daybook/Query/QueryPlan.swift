import Documents
import Storage

/// How a query is answered: which keys are scanned, which way, and what is left to check in the documents.
///
/// A secondary index serves when its members begin with all those that must equal something, or one of several values (in
/// any order), followed by the member of the range or prefix, which must be the one of the order if both are given. What it
/// cannot promise stays in `remaining`.
struct QueryPlan {
  enum Source: Equatable {
    /// The documents by id.
    case documents
    case index(Kind.Index)
  }

  /// Keys that begin alike. What follows in them, the values that may differ and then the id, has the same form in all
  /// stretches: by that they are merged, and a place in one is a place in each.
  struct Stretch {
    let shared: [UInt8]
    var range: KeyRange
  }

  var source: Source
  /// The keys to scan: one stretch for each combination of the values that bound members may have.
  let stretches: [Stretch]
  /// How many values follow behind the shared bytes; the id comes after them.
  private let openMembers: Int
  var direction: ScanDirection
  /// Conditions to check in each document.
  var remaining: [Query.Condition]
  /// Whether the scan gives the order that was asked for; if not, all that match are sorted.
  var isOrdered: Bool

  init(_ query: Query, _ kind: Kind) {
    // Of those that serve equally, one whose keys have just the order: then no more is read than a page needs.
    let best = kind.indexes.compactMap { Candidate($0, query, kind) }.max { one, other in
      one.served == other.served ? !one.endsInOrder && other.endsInOrder : one.served < other.served
    }
    if let best, best.served > 0 || best.givesOrder && query.order != nil {
      source = .index(best.index)
      stretches = best.stretches
      openMembers = best.openMembers
      remaining = best.remaining
      // Equal values throughout leave the ids in order.
      isOrdered = query.order == nil ? best.openMembers == 0 : best.givesOrder
    } else {
      source = .documents
      let shared = [Index.Space.document] + Index.name(collection: query.collection, id: "")
      stretches = [Stretch(shared: shared, range: .prefix(shared + Array((query.idPrefix ?? "").utf8)))]
      openMembers = 0
      remaining = query.conditions
      isOrdered = query.order == nil
    }
    direction = query.direction == .ascending ? .ascending : .descending
  }

  /// What is left to scan behind the end of a page.
  func stretches(after cursor: String?) throws(StoreError) -> [Stretch] {
    guard let cursor else { return stretches }
    let key = try Cursor(cursor).key
    guard let origin = stretches.first(where: { $0.range.contains(key) }) else { throw Cursor.foreign(cursor) }
    let place = key[origin.shared.count...]
    return stretches.map { Stretch(shared: $0.shared, range: $0.range.after($0.shared + place, direction)) }
  }

  /// The id of the document that a scanned key stands for.
  func id(in key: [UInt8], sharing shared: Int) -> String? {
    IndexKey.end(ofValues: openMembers, in: key, from: shared).map { String(decoding: key[$0...], as: UTF8.self) }
  }

  /// One index and what it could do.
  private struct Candidate {
    let index: Kind.Index
    var remaining: [Query.Condition]
    /// What its keys begin with, for each combination of the values of its bound members.
    private var prefixes: [[UInt8]]
    /// What the member behind those has to pass.
    private var bounds: [Query.Test] = []
    /// How many members come behind the bound ones.
    var openMembers = 0
    /// How many conditions it answers.
    var served = 0
    /// Whether its keys, in these stretches, come in the order of `query.order`.
    var givesOrder = false
    /// The same, and nothing but the id comes behind it.
    var endsInOrder: Bool { givesOrder && openMembers == 1 }

    init?(_ index: Kind.Index, _ query: Query, _ kind: Kind) {
      self.index = index
      remaining = query.conditions
      prefixes = [IndexChange.secondaryPrefix(collection: query.collection, index: index.name)]
      var members = index.members[...]
      while let member = members.first, bind(member) { members = members.dropFirst() }
      openMembers = members.count
      guard let next = members.first else { return }
      givesOrder = next == query.order
      bounds = remaining.filter { $0.member == next && $0.test.isRange }.map(\.test)
      served += bounds.count
    }

    /// Binds the next member to the values that it must have; false when it may have any, or too many.
    private mutating func bind(_ member: JSONPointer) -> Bool {
      guard let place = remaining.firstIndex(where: { $0.member == member && $0.test.values != nil }),
        let values = remaining[place].test.values, values.count * prefixes.count <= Limits.queryStretches
      else { return false }
      var isCertain = true
      var longer: [[UInt8]] = []
      for prefix in prefixes {
        for value in values {
          var key = prefix
          // A value that was cut in the key is found by it, but must be compared in the document.
          if !IndexKey.append(value, to: &key) || !value.isScalar { isCertain = false }
          if !longer.contains(key) { longer.append(key) }
        }
      }
      prefixes = longer
      if isCertain { remaining.remove(at: place) }
      served += 1
      return true
    }

    /// The bounds stay to be checked as well: those of cut strings are not exact.
    var stretches: [Stretch] {
      prefixes.map { prefix in
        var range = KeyRange.prefix(prefix)
        for test in bounds { Self.narrow(&range, to: test, behind: prefix) }
        return Stretch(shared: prefix, range: range)
      }
    }

    private static func narrow(_ range: inout KeyRange, to test: Query.Test, behind key: [UInt8]) {
      func bound(_ value: JSONValue) -> [UInt8] {
        var bound = key
        IndexKey.append(value, to: &bound)
        return bound
      }
      switch test {
      case .equals, .isOneOf: return
      case .hasPrefix(let prefix):
        var bound = key
        IndexKey.appendStringPrefix(prefix, to: &bound)
        range = .prefix(bound)
      case .less(let value), .atMost(let value):
        range.upper = KeyRange.prefix(bound(value)).upper
      case .greater(let value), .atLeast(let value):
        range.lower = .including(bound(value))
      }
    }
  }
}

extension Query.Test {
  /// The only values that pass; nil when others may.
  fileprivate var values: [JSONValue]? {
    switch self {
    case .equals(let value): [value]
    case .isOneOf(let values): values
    default: nil
    }
  }

  fileprivate var isRange: Bool { values == nil }
}

extension Query.Condition {
  /// Whether a document passes.
  func holds(for node: JSONNode) -> Bool {
    let found = node[member]
    switch test {
    case .equals(let value): return (found?.value ?? .null) == value
    case .isOneOf(let values): return values.contains(found?.value ?? .null)
    case .hasPrefix(let prefix): return found?.string?.hasPrefix(prefix) ?? false
    case .less(let value): return order(found, value) < 0
    case .atMost(let value): return order(found, value) <= 0
    case .greater(let value): return order(found, value) > 0
    case .atLeast(let value): return order(found, value) >= 0
    }
  }

  private func order(_ found: JSONNode?, _ value: JSONValue) -> Int {
    var (left, right): ([UInt8], [UInt8]) = ([], [])
    IndexKey.append(found, to: &left)
    IndexKey.append(value, to: &right)
    if left == right { return 0 }
    return left.lexicographicallyPrecedes(right) ? -1 : 1
  }
}

extension JSONValue {
  /// Neither an object nor an array: what an index can hold.
  fileprivate var isScalar: Bool {
    switch self {
    case .null, .bool, .number, .string: true
    case .array, .object: false
    }
  }
}
