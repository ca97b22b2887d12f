package import Daybook
package import Documents

/// The checkpoints of agents' threads: saved states with parents, the values of their channels, and what tasks wrote
/// since.
///
/// ```swift
/// let checkpoints = Checkpoints(store)
/// try await checkpoints.put(draft, in: "thread-1", for: caller)
/// try await checkpoints.putWrites([write], task: task, to: CheckpointName(draft.id), in: "thread-1", for: caller)
/// let latest = try checkpoints.checkpoint(in: "thread-1", for: caller)
/// ```
///
/// A step costs what it changed: one document for the checkpoint, one for each channel with a new value, one for the
/// writes of each task. No document grows with the thread, and no folder. The value of a channel is kept under its
/// version, as all checkpoints that name this version have it; equal values are equal contents, which Git keeps once. A
/// version has one value for good: another one under it would change what older checkpoints say.
package struct Checkpoints: Sendable {
  static let collection = "threads/checkpoints"
  static let writes = "threads/writes"
  static let values = "threads/values"

  private let threads: AgentThreads
  var store: Store { threads.store }

  /// - Parameter now: the time of day; the store's own when left out.
  package init(_ store: Store, now: (@Sendable () -> Timestamp)? = nil) {
    self.init(AgentThreads(store, now: now))
  }

  init(_ threads: AgentThreads) { self.threads = threads }

  // MARK: Writing

  /// Saves a checkpoint with the values that it brings, in one commit. Putting the same again changes nothing; another
  /// one under the same id takes its place. A thread that nobody made begins with its first checkpoint.
  ///
  /// - Throws: `.conflict` for a value under a version that has another one.
  @discardableResult
  package func put(
    _ draft: CheckpointDraft, in thread: String, for caller: Caller
  ) async throws -> Receipt {
    let key = try ThreadKey(thread, of: caller)
    let id = try key.checkpoint(draft.id, draft.namespace)
    // As it was given: 1.0 stays apart from 1.
    let text = JSONText(formatting: draft.document(in: key))
    var before: [String: Revision] = [:]
    let receipt = try await threads.contents.share(of: key.prefix) {
      try await store.change(for: caller) { snapshot, transaction in
        let known = try snapshot.document("\(Self.collection)/\(id)", of: key.user)
        try transaction.put("\(Self.collection)/\(id)", text: text)
        let parent = try draft.parentID.flatMap { parent throws(StoreError) in
          try checkpoint(parent, draft.namespace, key, in: snapshot)
        }
        for value in draft.values {
          let address = "\(Self.values)/\(try key.value(of: value.channel, value.version, draft.namespace))"
          try transaction.keep(value, as: address, of: key.user, in: snapshot)
          before[address] = try parent?.revision(ofValueOf: value.channel)
        }
        try threads.begin(key, isNews: known?.text.bytes != text.bytes, in: snapshot, &transaction)
      }
    }
    // What a channel holds grows from one version to the next, under another name each time.
    for (address, revision) in receipt.documents {
      if let revision, let other = before["\(address)"] { store.note(revision, isLike: other) }
    }
    return receipt
  }

  /// Saves what a task wrote, in one commit, whether or not its checkpoint has arrived. Which writes count that come
  /// twice says `PendingWrite`.
  package func putWrites(
    _ drafts: [WriteDraft], task: String, path: String = "", to checkpoint: CheckpointName, in thread: String,
    for caller: Caller
  ) async throws {
    let key = try ThreadKey(thread, of: caller)
    let id = try key.writes(of: key.checkpoint(checkpoint.id, checkpoint.namespace), task: task)
    let address = "\(Self.writes)/\(id)"
    let added = drafts.enumerated().map { PendingWrite($1, at: $0, task: task, path: path) }
    _ = try await threads.contents.share(of: key.prefix) {
      try await store.change(for: caller) { snapshot, transaction in
        let old = try snapshot.document(address, of: key.user)
        let known = try old.map { try PendingWrite.list($0.root) } ?? []
        let writes = PendingWrite.adding(added, to: known)
        try transaction.put(
          address, PendingWrite.document(writes, of: task, checkpoint, in: key),
          if: old.map { .revision($0.revision) } ?? .absent)
        try threads.begin(key, isNews: writes != known, in: snapshot, &transaction)
      }
    }
  }

  // MARK: Reading

  /// A checkpoint of a namespace, the latest when no id is given; nil when there is none.
  package func checkpoint(
    _ id: String? = nil, namespace: String = "", in thread: String, for caller: Caller
  ) throws(StoreError) -> SavedCheckpoint? {
    let key = try ThreadKey(thread, of: caller)
    return try checkpoint(id, namespace, key, in: store.snapshot())
  }

  func checkpoint(
    _ id: String?, _ namespace: String, _ thread: ThreadKey, in snapshot: Snapshot
  ) throws(StoreError) -> SavedCheckpoint? {
    let document: Document?
    if let id, !id.isEmpty {
      document = try snapshot.document("\(Self.collection)/\(thread.checkpoint(id, namespace))", of: thread.user)
    } else {
      let query = try Self.newest(of: thread).where("/checkpoint_ns", .equals(.string(namespace))).limited(to: 1)
      document = try snapshot.query(query).documents.first
    }
    return document.map { SavedCheckpoint(document: $0, thread: thread, snapshot: snapshot) }
  }

  /// The checkpoints that pass a filter, newest first by their ids. Looks at `Limits.searchedDocuments` at most, and ends
  /// with the one that brings the page to `Limits.pageBytes` with all that belongs to it; so a page may be short, or
  /// empty, and have others behind it.
  package func list(_ filter: CheckpointFilter, for caller: Caller) throws(StoreError) -> CheckpointPage {
    guard filter.limit > 0 else { return CheckpointPage(checkpoints: [], next: nil) }
    let snapshot = store.snapshot()
    let query = try filter.query(for: caller).examining(atMost: Limits.searchedDocuments).after(filter.cursor)
    let page = try snapshot.query(query.limited(to: OwnDocuments.pageLimit(filter.limit)))
    var checkpoints: [SavedCheckpoint] = []
    var bytes = 0
    for document in page.documents where bytes < Daybook.Limits.pageBytes {
      let thread = try ThreadKey(document.root["thread_id"]?.string ?? "", of: caller)
      let checkpoint = SavedCheckpoint(document: document, thread: thread, snapshot: snapshot)
      bytes += try checkpoint.byteCount()
      checkpoints.append(checkpoint)
    }
    if checkpoints.count == page.documents.count { return CheckpointPage(checkpoints: checkpoints, next: page.next) }
    // How much belongs to a checkpoint shows only when it is read: the page ends earlier.
    let next = try snapshot.query(query.limited(to: checkpoints.count)).next
    return CheckpointPage(checkpoints: checkpoints, next: next)
  }

  static func newest(of thread: ThreadKey) throws(StoreError) -> Query {
    try Query(collection).where("/user", .equals(.string(thread.user)))
      .where("/thread_id", .equals(.string(thread.id))).sorted(by: "/checkpoint_id", .descending)
  }
}

extension Transaction {
  /// Keeps the value of a channel under its version, unless it is there already.
  ///
  /// - Throws: `.conflict` when the version has another value.
  fileprivate mutating func keep(
    _ value: ChannelValue, as address: String, of user: String, in snapshot: Snapshot
  ) throws(StoreError) {
    guard let known = try snapshot.document(address, of: user) else {
      return try put(address, text: JSONText(formatting: .object(value.value.members(of: user))), if: .absent)
    }
    guard try Payload(known.root) != value.value else { return }
    throw StoreError(
      .conflict, "The channel '\(value.channel)' has another value under the version \(value.version.compactText).",
      hint: "A version has one value. Let versions never come twice, also when a run begins at an older checkpoint.",
      document: address)
  }
}

/// Which checkpoints a list has: all that pass each of these.
package struct CheckpointFilter: Sendable {
  /// Nil: of all threads.
  package var thread: String?
  /// Nil: of all namespaces.
  package var namespace: String?
  package var id: String?
  /// Only those with a smaller id: older ones.
  package var before: String?
  /// Members of the metadata and what they must equal; null also fits one that is not there.
  package var metadata: JSONObject = [:]
  package var limit = 100
  /// The `next` of the page before.
  package var cursor: String?

  package init(thread: String? = nil, namespace: String? = nil, limit: Int = 100) {
    self.thread = thread
    self.namespace = namespace
    self.limit = limit
  }

  func query(for caller: Caller) throws(StoreError) -> Query {
    var query = try Query(Checkpoints.collection).where("/user", .equals(.string(caller.user)))
      .sorted(by: "/checkpoint_id", .descending)
    if let thread { query = try query.where("/thread_id", .equals(.string(thread))) }
    if let namespace { query = try query.where("/checkpoint_ns", .equals(.string(namespace))) }
    if let id { query = try query.where("/checkpoint_id", .equals(.string(id))) }
    if let before { query = try query.where("/checkpoint_id", .less(.string(before))) }
    for (name, value) in metadata {
      query = try query.where("\(JSONPointer(["metadata", name]))", .equals(value))
    }
    return query
  }
}
