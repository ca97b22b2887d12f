import Daybook
import Documents

/// Looks memories up in a snapshot. What is expired is not there, whether or not it was swept.
struct MemoryReader {
  let snapshot: Snapshot
  let caller: Caller
  let moment: Timestamp

  func address(_ name: MemoryName) throws(StoreError) -> String {
    guard name.key.utf8.count <= Limits.namespaceBytes else {
      throw StoreError(.invalid, "The key of a memory has at most \(Limits.namespaceBytes) bytes.")
    }
    let namespace = try KeyDigest.text(of: [caller.user] + name.namespace.labels, bytes: KeyDigest.threadBytes)
    let key = try KeyDigest.text(of: [name.key], bytes: KeyDigest.innerBytes)
    return "\(Memories.collection)/\(namespace).\(key)"
  }

  func memory(_ name: MemoryName) throws(StoreError) -> Memory? {
    guard let document = try snapshot.document(address(name), of: caller.user) else { return nil }
    let memory = Memory(document: document)
    return memory.isExpired(at: moment) ? nil : memory
  }

  // MARK: Searching

  func search(_ search: MemorySearch, _ budget: inout MemoryBudget) throws(StoreError) -> [Memory] {
    let filter = MemoryFilter(members: search.filter)
    if let name = filter.unknownOperator {
      throw StoreError(.invalid, "'\(name)' is no operator.", hint: "Those are $eq, $ne, $gt, $gte, $lt and $lte.")
    }
    let (passed, wanted) = (Self.bounded(search.offset), Self.bounded(search.limit))
    var found: [Memory] = []
    var matches = 0
    var pages = try Pages(newest(in: search.namespace))
    while found.count < wanted, let page = try pages.next(in: snapshot, &budget) {
      for document in page where found.count < wanted {
        let memory = Memory(document: document)
        guard !memory.isExpired(at: moment), filter.holds(of: memory.value) else { continue }
        matches += 1
        if matches <= passed { continue }
        try budget.answer(memory)
        found.append(memory)
      }
    }
    return found
  }

  /// No search looks further than this.
  private static func bounded(_ count: Int) -> Int { max(0, min(count, Limits.searchedMemories)) }

  /// The documents in and below a namespace, the one that was put last first. The indexes have that order for all whose
  /// namespaces begin with the same one or two labels; of those with more, the rest of the path is looked at.
  private func newest(in namespace: MemoryNamespace) throws(StoreError) -> Query {
    var query = try own.sorted(by: "/updated_at", .descending)
    for (place, label) in namespace.labels.prefix(2).enumerated() {
      query = try query.where("/namespace/\(place)", .equals(.string(label)))
    }
    guard namespace.labels.count > 2 else { return query }
    let path = namespace.path
    guard try hasNamespaces(below: path) else {
      return try own.sorted(by: "/updated_at", .descending).where("/path", .equals(.string(path)))
    }
    return try query.where("/path", .hasPrefix(path))
  }

  private func hasNamespaces(below path: String) throws(StoreError) -> Bool {
    // Of longer paths an index does not tell which lies below which.
    guard path.utf8.count < Limits.comparedBytes else { return true }
    let below = try own.where("/path", .hasPrefix(path)).where("/path", .atLeast(.string(path + "\u{0}")))
    return try !snapshot.query(below.limited(to: 1)).documents.isEmpty
  }

  private var own: Query {
    get throws(StoreError) { try Query(Memories.collection).where("/user", .equals(.string(caller.user))) }
  }

  // MARK: Namespaces

  func namespaces(_ list: NamespaceList, _ budget: inout MemoryBudget) throws(StoreError) -> [MemoryNamespace] {
    var found: [ExactText: MemoryNamespace] = [:]
    var paths = try DistinctTexts(of: "/path", in: own)
    while let path = try paths.next(in: snapshot) {
      try budget.look(at: 1)
      let namespace = MemoryNamespace(path: path)
      guard list.conditions.allSatisfy({ namespace.passes($0) }), try isInUse(path, &budget) else { continue }
      let cut = list.depth.map { namespace.prefix(max(0, $0)) } ?? namespace
      found[ExactText(cut.path)] = cut
    }
    let sorted = found.values.sorted { $0.precedes($1) }
    return Array(sorted.dropFirst(max(0, list.offset)).prefix(max(0, list.limit)))
  }

  private func isInUse(_ path: String, _ budget: inout MemoryBudget) throws(StoreError) -> Bool {
    // In the order that the index has: the first that is not expired will do.
    let newest = try own.where("/path", .equals(.string(path))).sorted(by: "/updated_at", .descending)
    var pages = Pages(newest, looking: 1)
    while let page = try pages.next(in: snapshot, &budget) {
      if page.contains(where: { !Memory(document: $0).isExpired(at: moment) }) { return true }
    }
    return false
  }
}

/// The documents of a query, page by page, as far as a budget reaches.
private struct Pages {
  private let query: Query
  private let pageDocuments: Int
  private var cursor: String?
  private var isOver = false

  /// - Parameter count: how many documents a page looks at.
  init(_ query: Query, looking count: Int = Limits.memoriesAtOnce) {
    pageDocuments = count
    self.query = query.limited(to: count)
  }

  /// - Throws: `.limit` when the budget is used up.
  mutating func next(in snapshot: Snapshot, _ budget: inout MemoryBudget) throws(StoreError) -> [Document]? {
    guard !isOver else { return nil }
    try budget.checkMayLook()
    // What no index has in order is read as a whole.
    let bound = try snapshot.isOrdered(query) ? min(pageDocuments, budget.looks) : budget.looks
    let page = try snapshot.query(query.examining(atMost: bound).after(cursor))
    try budget.look(at: page.examined)
    cursor = page.next
    isOver = page.next == nil
    return page.documents
  }
}
