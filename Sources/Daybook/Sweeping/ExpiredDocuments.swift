import Documents
import Git
import Storage

/// A document whose time to live is over.
struct ExpiredDocument {
  var address: DocumentAddress
  var revision: Revision
  /// The sequence of its last change, on which that was judged.
  var lastChange: UInt64
  /// By which its time to live was judged.
  var schema: ObjectID
  /// How many files it is made of.
  var files: Int
}

/// The expired documents of one collection in one snapshot, those first whose time began first. From the index alone: no
/// document is read, and none is visited whose time began too late or not at all.
struct ExpiredDocuments {
  private let snapshot: Snapshot
  private let kind: Kind
  private let timeToLive: TimeToLive
  private let cutoff: TimeToLive.Cutoff
  private let prefix: [UInt8]
  private var cursor: BTreeCursor

  /// - Parameters:
  ///   - now: In milliseconds since 1970.
  ///   - place: Where another one of this collection stood: goes on behind that.
  init(
    of kind: Kind, _ timeToLive: TimeToLive, at now: Int64, behind place: [UInt8]? = nil, in snapshot: Snapshot
  ) throws(StoreError) {
    self.snapshot = snapshot
    self.kind = kind
    self.timeToLive = timeToLive
    cutoff = try snapshot.cutoff(at: now - timeToLive.milliseconds)
    prefix = IndexChange.expiryPrefix(collection: kind.collection.text)
    var end = prefix
    Index.append(UInt64(bitPattern: (cutoff.milliseconds + 1) ^ .min), to: &end)
    cursor = snapshot.index.tree.cursor(
      KeyRange(from: place.map { .excluding($0) } ?? .including(prefix), to: .excluding(end)))
  }

  /// The key at which the last one was found.
  var place: [UInt8] { cursor.key }

  mutating func next() -> ExpiredDocument? {
    while cursor.next() {
      if let document = expired(at: cursor.key) { return document }
    }
    return nil
  }

  private func expired(at key: [UInt8]) -> ExpiredDocument? {
    let idStart = prefix.count + UInt64.bitWidth / 8
    let id = DocumentID(stored: String(decoding: key[idStart...], as: UTF8.self))
    let address = DocumentAddress(collection: kind.collection, id: id)
    let name = Index.name(of: address)
    guard let state = snapshot.index.document(name) else { return nil }
    let begin = Int64(bitPattern: Index.number(in: key[prefix.count..<idStart])) ^ .min
    // The history of a document can be long: it is looked at last.
    var life = TimeToLive.Life(begin: begin, lastChange: state.sequence)
    guard timeToLive.isOver(life, at: cutoff) else { return nil }
    life.comeback = snapshot.index.comeback(of: name)
    guard timeToLive.isOver(life, at: cutoff) else { return nil }
    return ExpiredDocument(
      address: address, revision: Revision(state.revision), lastChange: state.sequence,
      schema: kind.schemaID, files: 1 + snapshot.index.segmentCount(of: name))
  }
}

extension Snapshot {
  /// How many documents of each collection are expired, where there are any.
  func expiredDocuments(at now: Int64) throws(StoreError) -> [(collection: String, count: Int)] {
    var counts: [(collection: String, count: Int)] = []
    for kind in kinds.all {
      guard let timeToLive = kind.timeToLive else { continue }
      var documents = try ExpiredDocuments(of: kind, timeToLive, at: now, in: self)
      var count = 0
      while documents.next() != nil { count += 1 }
      if count > 0 { counts.append((kind.collection.text, count)) }
    }
    return counts
  }

  /// Commits never go back in time, so a time means a sequence.
  fileprivate func cutoff(at milliseconds: Int64) throws(StoreError) -> TimeToLive.Cutoff {
    do throws(StoreError) {
      let commit = try commit(at: .time(Timestamp(milliseconds: milliseconds)))
      return TimeToLive.Cutoff(milliseconds: milliseconds, sequence: commit.sequence)
    } catch  where error.code == .notFound {
      return TimeToLive.Cutoff(milliseconds: milliseconds, sequence: 0)
    }
  }
}
