import Documents
import Storage

/// How a query is answered: which keys are scanned, which way, and what is left to check in the documents.
///
/// A secondary index serves when its members begin with all those that must equal something (in any order), followed by
/// the member of the range or prefix, which must be the one of the order if both are given. What it cannot promise stays
/// in `remaining`.
struct QueryPlan {
  enum Source: Equatable {
    /// The documents by id.
    case documents
    case index(Kind.Index)
  }

  var source: Source
  /// Where in a scanned key the values begin that not all of them share, and how many there are; the id follows.
  private let valuesStart: Int
  private let valueCount: Int
  /// The keys to scan.
  var range: KeyRange
  var direction: ScanDirection
  /// Conditions to check in each document.
  var remaining: [Query.Condition]
  /// Whether the scan gives the order that was asked for; if not, all that match are sorted.
  var isOrdered: Bool

  init(_ query: Query, _ kind: Kind) {
    let best = kind.indexes.compactMap { Candidate($0, query, kind) }.max { $0.served < $1.served }
    if let best, best.served > 0 || best.givesOrder && query.order != nil {
      source = .index(best.index)
      valuesStart = best.sharedBytes
      valueCount = best.openMembers
      range = best.range
      remaining = best.remaining
      isOrdered = query.order == nil ? false : best.givesOrder
      // Equal values throughout leave the ids in order.
      if query.order == nil, best.isExact { isOrdered = true }
    } else {
      source = .documents
      valuesStart = Index.name(collection: query.collection, id: "").count + 1
      valueCount = 0
      let prefix = [Index.Space.document] + Index.name(collection: query.collection, id: query.idPrefix ?? "")
      range = .prefix(prefix)
      remaining = query.conditions
      isOrdered = query.order == nil
    }
    direction = query.direction == .ascending ? .ascending : .descending
  }

  /// The id of the document that a scanned key stands for.
  func id(in key: [UInt8]) -> String? {
    IndexKey.end(ofValues: valueCount, in: key, from: valuesStart).map { String(decoding: key[$0...], as: UTF8.self) }
  }

  /// One index and what it could do.
  private struct Candidate {
    let index: Kind.Index
    var range: KeyRange
    var remaining: [Query.Condition]
    /// How long the beginning is that all its keys in this range share, and how many members come behind it.
    var sharedBytes = 0
    var openMembers = 0
    /// How many conditions it answers.
    var served = 0
    /// Whether its keys, in this range, come in the order of `query.order`.
    var givesOrder = false
    /// Whether all its members are bound to one value.
    var isExact = false

    init?(_ index: Kind.Index, _ query: Query, _ kind: Kind) {
      self.index = index
      remaining = query.conditions
      var key = IndexChange.secondaryPrefix(collection: query.collection, index: index.name)
      var members = index.members[...]
      while let member = members.first, let place = remaining.firstIndex(where: { $0.isEquality(of: member) }) {
        guard case .equals(let value) = remaining[place].test else { break }
        // A value that was cut in the key is found by it, but must be compared in the document.
        if IndexKey.append(value, to: &key), value.isScalar { remaining.remove(at: place) }
        served += 1
        members = members.dropFirst()
      }
      range = .prefix(key)
      (sharedBytes, openMembers) = (key.count, members.count)
      isExact = members.isEmpty
      guard let next = members.first else { return }
      givesOrder = next == query.order
      for condition in remaining where condition.member == next {
        guard narrow(to: condition.test, behind: key) else { continue }
        served += 1
      }
    }

    /// Narrows the range by a test on the member behind `key`. The condition stays to be checked: bounds of cut strings
    /// are not exact.
    private mutating func narrow(to test: Query.Test, behind key: [UInt8]) -> Bool {
      func bound(_ value: JSONValue) -> [UInt8] {
        var bound = key
        IndexKey.append(value, to: &bound)
        return bound
      }
      switch test {
      case .equals: return false
      case .hasPrefix(let prefix):
        var bound = key
        IndexKey.appendStringPrefix(prefix, to: &bound)
        range = .prefix(bound)
      case .less(let value), .atMost(let value):
        range.upper = KeyRange.prefix(bound(value)).upper
      case .greater(let value), .atLeast(let value):
        range.lower = .including(bound(value))
      }
      return true
    }
  }
}

extension Query.Condition {
  fileprivate func isEquality(of member: JSONPointer) -> Bool {
    guard self.member == member, case .equals = test else { return false }
    return true
  }

  /// Whether a document passes.
  func holds(for node: JSONNode) -> Bool {
    let found = node[member]
    switch test {
    case .equals(let value): return (found?.value ?? .null) == value
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
