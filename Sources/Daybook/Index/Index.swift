import Documents
import Git
import Storage

/// Where everything is: one ordered map, so that one value is the whole store at one sequence.
///
/// | key | value |
/// | --- | --- |
/// | `d` collection 0 id | revision, sequence of the last change: a document |
/// | `s` collection 0 id 0 series 0 number | revision, number of items: a segment |
/// | `x` collection 0 index 0 values id | revision, sequence of the last change of the document itself: a secondary index |
/// | `m` collection 0 id | revision: a misfit, which breaks a schema that came after it |
/// | `t` collection 0 begin id | the same: a document that can expire, by when its time begins; 0: at its last change |
/// | `h` collection 0 id 0 sequence | revision after that change, zeros when it was a deletion: history |
/// | `c` sequence | commit id, its time in seconds since 1970, or that of the one before if it goes back: a commit |
///
/// The newest change of a document that is there stands under `d` alone: most documents are never changed again.
/// Numbers are big-endian, values as `IndexKey` spells them, ids UTF-8. It is a projection of the commits: it can be
/// thrown away and made again from them (`IndexBuilder`), and it is copied in constant time, which is what a snapshot is.
struct Index: Sendable {
  private(set) var tree: BTree
  /// By which files are told to be documents, and found by what they say. They are those of the newest commit: when one
  /// brings other kinds, the index goes on with them (`KindsStep`).
  private(set) var kinds: Kinds

  init(kinds: Kinds = Kinds(), tree: BTree = BTree()) {
    self.kinds = kinds
    self.tree = tree
  }

  enum Space {
    static let document = UInt8(ascii: "d")
    static let segment = UInt8(ascii: "s")
    static let secondary = UInt8(ascii: "x")
    static let misfit = UInt8(ascii: "m")
    static let expiry = UInt8(ascii: "t")
    static let history = UInt8(ascii: "h")
    static let commit = UInt8(ascii: "c")

    /// What follows from a document's content and the schema of its kind.
    static let derived = [secondary, expiry, misfit]
  }

  /// The key of a document without its space.
  static func name(of address: DocumentAddress) -> [UInt8] {
    name(collection: address.collection.text, id: address.id.text)
  }

  static func name(collection: String, id: String) -> [UInt8] {
    var name: [UInt8] = []
    name.reserveCapacity(collection.utf8.count + id.utf8.count + 10)
    name.append(contentsOf: collection.utf8)
    name.append(0)
    name.append(contentsOf: id.utf8)
    return name
  }

  // MARK: Documents

  /// Where a document stands: its content, and the commit that last changed it.
  struct DocumentState: Equatable {
    var revision: ObjectID
    var sequence: UInt64

    init(revision: ObjectID, sequence: UInt64) {
      self.revision = revision
      self.sequence = sequence
    }

    init(value: [UInt8]) {
      self.init(value: value.span)
    }

    init(value: Span<UInt8>) {
      revision = ObjectID(value)
      sequence = 0
      for place in ObjectID.byteCount..<value.count { sequence = sequence << 8 | UInt64(value[place]) }
    }

    var value: [UInt8] {
      var value = revision.bytes
      Index.append(sequence, to: &value)
      return value
    }
  }

  func document(_ name: [UInt8]) -> DocumentState? {
    tree.withValue(forKey: ([Space.document] + name).span) { DocumentState(value: $0) }
  }

  // MARK: Series

  struct SegmentState: Equatable {
    var number: Int
    var revision: ObjectID
    var items: Int
  }

  /// The segments of a series, oldest first.
  func segments(of name: [UInt8], series: String) -> [SegmentState] {
    let prefix = Self.segmentPrefix(name, series)
    var states: [SegmentState] = []
    for (key, value) in tree.scan(prefix: prefix) {
      states.append(
        SegmentState(
          number: Int(Self.number(in: key[prefix.count...])), revision: ObjectID(value),
          items: Int(Self.number(in: value[ObjectID.byteCount...]))))
    }
    return states
  }

  func lastSegment(of name: [UInt8], series: String) -> SegmentState? {
    let prefix = Self.segmentPrefix(name, series)
    for (key, value) in tree.scan(prefix: prefix, .descending) {
      return SegmentState(
        number: Int(Self.number(in: key[prefix.count...])), revision: ObjectID(value),
        items: Int(Self.number(in: value[ObjectID.byteCount...])))
    }
    return nil
  }

  func segmentRevision(_ name: [UInt8], _ series: String, _ number: Int) -> ObjectID? {
    var key = Self.segmentPrefix(name, series)
    Self.append(UInt32(number), to: &key)
    return tree[key].map { ObjectID($0) }
  }

  /// How many segments the series of a document have together.
  func segmentCount(of name: [UInt8]) -> Int {
    tree.count(in: .prefix([Space.segment] + name + [0]))
  }

  private static func segmentPrefix(_ name: [UInt8], _ series: String) -> [UInt8] {
    [Space.segment] + name + [0] + Array(series.utf8) + [0]
  }

  // MARK: History

  /// One change of a document: the commit's sequence and the revision it left, nil for a deletion.
  struct HistoryState: Equatable {
    var sequence: UInt64
    var revision: ObjectID?
  }

  /// The changes of a document, newest first, from below `sequence` when one is given.
  func history(of name: [UInt8], before sequence: UInt64? = nil, limit: Int) -> [HistoryState] {
    let prefix = [Space.history] + name + [0]
    var start: [UInt8]?
    if let sequence {
      var key = prefix
      Self.append(sequence, to: &key)
      start = key
    }
    var states: [HistoryState] = []
    if let newest = document(name), sequence.map({ newest.sequence < $0 }) ?? true, limit > 0 {
      states.append(HistoryState(sequence: newest.sequence, revision: newest.revision))
    }
    for (key, value) in tree.scan(prefix: prefix, after: start, .descending) {
      if states.count == limit { break }
      let revision = ObjectID(value)
      states.append(
        HistoryState(sequence: Self.number(in: key[prefix.count...]), revision: revision == .zero ? nil : revision))
    }
    return states
  }

  /// The change by which a document came back that had been deleted; nil when it never was.
  func comeback(of name: [UInt8]) -> UInt64? {
    var newer = document(name)?.sequence
    let prefix = [Space.history] + name + [0]
    for (key, value) in tree.scan(prefix: prefix, .descending) {
      if ObjectID(value) == .zero { return newer }
      newer = Self.number(in: key[prefix.count...])
    }
    return nil
  }

  /// The ids of a collection's documents that were deleted and have not come back, the last one first; from below `id` when
  /// one is given. One look for each document that was ever changed, however often it was.
  ///
  /// - Parameter looks: how many documents it looks at, at most.
  /// - Returns: also how many that were, and below which id there may be others.
  func deletedIDs(
    ofCollection collection: String, before id: String? = nil, limit: Int, looks: Int = .max
  ) -> (ids: [String], looked: Int, next: String?) {
    let prefix = [Space.history] + Self.name(collection: collection, id: "")
    var range = KeyRange.prefix(prefix)
    if let id { range.upper = .excluding(prefix + Array(id.utf8)) }
    var (found, looked, last): ([String], Int, String?) = ([], 0, id)
    while true {
      var cursor = tree.cursor(range, .descending)
      guard cursor.next() else { return (found, looked, nil) }
      if found.count == limit || looked == looks { return (found, looked, last) }
      looked += 1
      let id = cursor.key[prefix.count...].prefix { $0 != 0 }
      range.upper = .excluding(prefix + id)
      last = String(decoding: id, as: UTF8.self)
      let isDeletion = cursor.withValue { ObjectID($0) } == .zero
      if isDeletion, document(Array(cursor.key[1..<id.endIndex])) == nil {
        found.append(String(decoding: id, as: UTF8.self))
      }
    }
  }

  /// The sequences of all commits that changed a document of a collection, oldest first.
  func sequences(ofCollection collection: String) -> [UInt64] {
    let name = Self.name(collection: collection, id: "")
    var found: Set<UInt64> = []
    var documents = tree.cursor(.prefix([Space.document] + name))
    while documents.next() { found.insert(documents.withValue { DocumentState(value: $0) }.sequence) }
    var changes = tree.cursor(.prefix([Space.history] + name))
    while changes.next() { found.insert(Self.number(in: changes.key.suffix(UInt64.bitWidth / 8))) }
    return found.sorted()
  }

  func commit(at sequence: UInt64) -> ObjectID? {
    tree[Self.commitKey(sequence)].map { ObjectID($0) }
  }

  /// The commit before another one on the store's line; nil for the first, and for one that is not on it.
  func commit(before id: ObjectID, at sequence: UInt64) -> (sequence: UInt64, id: ObjectID)? {
    commit(at: sequence) == id ? commits(before: sequence, limit: 1).first : nil
  }

  /// The commits with a sequence above this one, oldest first.
  func commits(after sequence: UInt64, limit: Int) -> [(sequence: UInt64, id: ObjectID)] {
    var result: [(sequence: UInt64, id: ObjectID)] = []
    for (key, value) in tree.scan(prefix: [Space.commit], after: Self.commitKey(sequence)) {
      if result.count == limit { break }
      result.append((Self.number(in: key[1...]), ObjectID(value)))
    }
    return result
  }

  /// The commits with a sequence below this one, newest first.
  func commits(before sequence: UInt64?, limit: Int) -> [(sequence: UInt64, id: ObjectID)] {
    var result: [(sequence: UInt64, id: ObjectID)] = []
    let start = sequence.map { Self.commitKey($0) }
    for (key, value) in tree.scan(prefix: [Space.commit], after: start, .descending) {
      if result.count == limit { break }
      result.append((Self.number(in: key[1...]), ObjectID(value)))
    }
    return result
  }

  /// The sequence of the newest commit; 0 when there is none.
  var newestSequence: UInt64 { commits(before: nil, limit: 1).first?.sequence ?? 0 }

  /// The time of the newest commit.
  var newestSeconds: Int64 { newestCommit(through: .max)?.seconds ?? 0 }

  /// The sequence of the newest commit that is not later than this, in milliseconds since 1970; 0 when all are later. In
  /// the index times never go back, so it is found by halving.
  func sequence(until milliseconds: Int64) -> UInt64 {
    var (found, low, high) = (UInt64(0), UInt64(0), newestSequence)
    while low < high {
      let middle = low + (high - low + 1) / 2
      guard let commit = newestCommit(through: middle), commit.sequence > low else {
        low = middle
        continue
      }
      if commit.seconds * 1_000 <= milliseconds {
        (found, low) = (commit.sequence, middle)
      } else {
        high = commit.sequence - 1
      }
    }
    return found
  }

  private func newestCommit(through sequence: UInt64) -> (sequence: UInt64, seconds: Int64)? {
    let end = sequence == .max ? nil : Self.commitKey(sequence + 1)
    for (key, value) in tree.scan(prefix: [Space.commit], after: end, .descending) {
      return (Self.number(in: key[1...]), Int64(bitPattern: Self.number(in: value[ObjectID.byteCount...])))
    }
    return nil
  }

  /// The commits with an id in this range, oldest first.
  func commits(in range: ClosedRange<ObjectID>) -> [ObjectID] {
    var found: [ObjectID] = []
    var scan = tree.cursor(.prefix([Space.commit]))
    while scan.next() {
      let id = scan.withValue { ObjectID($0) }
      if range.contains(id) { found.append(id) }
    }
    return found
  }

  static func commitKey(_ sequence: UInt64) -> [UInt8] {
    var key = [Space.commit]
    append(sequence, to: &key)
    return key
  }

  // MARK: Kinds

  /// The documents of a collection, by the name of each.
  func documents(of collection: String) -> [(name: [UInt8], state: DocumentState)] {
    let prefix = [Space.document] + Self.name(collection: collection, id: "")
    return tree.scan(prefix: prefix).map { (Array($0.key.dropFirst()), DocumentState(value: $0.value)) }
  }

  /// The documents that break their kind's rules since those changed: none of them was written again.
  var misfits: [(name: [UInt8], revision: ObjectID)] {
    tree.scan(prefix: [Space.misfit]).compactMap { key, value in
      let name = Array(key.dropFirst())
      let revision = ObjectID(value)
      return document(name)?.revision == revision ? (name, revision) : nil
    }
  }

  mutating func goOn(with kinds: Kinds) { self.kinds = kinds }

  /// Forgets what stands under some of the spaces for a collection.
  mutating func removeAll(of collection: String, in spaces: [UInt8]) {
    for space in spaces {
      let keys = tree.scan(prefix: [space] + Self.name(collection: collection, id: "")).map(\.key)
      for key in keys { tree.remove(key) }
    }
  }

  /// Notes what a document's content says of it by the rules of its kind.
  mutating func setDerived(_ keys: [[UInt8]], isMisfit: Bool, of name: [UInt8], _ state: DocumentState) {
    for key in keys { tree.insert(state.value, forKey: key) }
    if isMisfit { tree.insert(state.revision.bytes, forKey: [Space.misfit] + name) }
  }

  // MARK: Changing

  /// Adds a commit. Plain Git takes its time from a clock that may be behind: then that of the commit before counts.
  mutating func add(_ commit: ObjectID, at sequence: UInt64, seconds: Int64) {
    var value = commit.bytes
    Self.append(max(seconds, newestSeconds), to: &value)
    tree.insert(value, forKey: Self.commitKey(sequence))
  }

  /// Makes the changes of one commit.
  mutating func apply(_ changes: [IndexChange], sequence: UInt64) {
    for change in changes { apply(change, sequence) }
  }

  private mutating func apply(_ change: IndexChange, _ sequence: UInt64) {
    for key in change.removedKeys { tree.remove(key) }
    switch change.content {
    case .document(let revision):
      set(change.name, revision, sequence)
      guard let revision else { return }
      let value = DocumentState(revision: revision, sequence: sequence).value
      for key in change.keys { tree.insert(value, forKey: key) }
    case .segment(let series, let number, let state):
      var key = Self.segmentPrefix(change.name, series)
      Self.append(UInt32(number), to: &key)
      if let state {
        var value = state.revision.bytes
        Self.append(UInt32(state.items), to: &value)
        tree.insert(value, forKey: key)
      } else {
        tree.remove(key)
      }
      if let head = document(change.name) { set(change.name, head.revision, sequence) }
    }
  }

  private mutating func set(_ name: [UInt8], _ revision: ObjectID?, _ sequence: UInt64) {
    let key = [Space.document] + name
    let old =
      if let revision {
        tree.insert(DocumentState(revision: revision, sequence: sequence).value, forKey: key)
      } else {
        tree.remove(key)
      }
    if let old = old.map({ DocumentState(value: $0) }), old.sequence != sequence {
      addHistory(name, old.sequence, old.revision)
    }
    if revision == nil { addHistory(name, sequence, .zero) }
  }

  private mutating func addHistory(_ name: [UInt8], _ sequence: UInt64, _ revision: ObjectID) {
    var key = [Space.history] + name + [0]
    Self.append(sequence, to: &key)
    tree.insert(revision.bytes, forKey: key)
  }

  // MARK: Numbers

  static func append(_ number: some FixedWidthInteger, to bytes: inout [UInt8]) {
    for shift in stride(from: number.bitWidth - 8, through: 0, by: -8) {
      bytes.append(UInt8(truncatingIfNeeded: number >> shift))
    }
  }

  static func number(in bytes: some Collection<UInt8>) -> UInt64 {
    bytes.reduce(0) { $0 << 8 | UInt64($1) }
  }
}
