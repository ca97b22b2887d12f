import Documents

/// Goes through everything that is expired at one moment, a bounded batch at a time, each found in the newest snapshot
/// and by the time to live that holds there.
///
/// Nothing has to be remembered if it ends early: what was swept is gone, and the next walk finds the rest. A document that
/// was passed over, since somebody changed it, is left to the next walk as well.
struct SweepWalk {
  /// Some documents of one collection: what one commit takes.
  struct Batch {
    var collection: CollectionName
    var documents: [ExpiredDocument] = []
    fileprivate var files = 0
    fileprivate var bytes = 0

    fileprivate init(_ collection: CollectionName) {
      self.collection = collection
    }
  }

  private let now: Int64
  private let collections: [CollectionName]
  /// The collection that is gone through, and how far.
  private var current = 0
  private var place: [UInt8]?

  /// - Parameter now: In milliseconds since 1970.
  init(_ kinds: Kinds, at now: Int64) {
    self.now = now
    collections = kinds.all.filter { $0.timeToLive != nil }.map(\.collection)
  }

  /// Nil when it is through.
  mutating func nextBatch(in snapshot: Snapshot) throws(StoreError) -> Batch? {
    while current < collections.count {
      if let kind = snapshot.kinds.kind(ifKnown: collections[current].text), let timeToLive = kind.timeToLive {
        var documents = try ExpiredDocuments(of: kind, timeToLive, at: now, behind: place, in: snapshot)
        var batch = Batch(kind.collection)
        while let document = documents.next(), try batch.add(document, in: snapshot) { place = documents.place }
        if !batch.documents.isEmpty { return batch }
      }
      current += 1
      place = nil
    }
    return nil
  }
}

extension SweepWalk.Batch {
  /// Answers false for a document that is too much for this commit.
  fileprivate mutating func add(_ document: ExpiredDocument, in snapshot: Snapshot) throws(StoreError) -> Bool {
    let size = try snapshot.text(document.revision.id, of: document.address).bytes.count
    let fits = files + document.files <= Limits.sweptFiles && bytes + size <= Limits.sweptBytes
    guard fits || documents.isEmpty else { return false }
    documents.append(document)
    files += document.files
    bytes += size
    return true
  }
}
