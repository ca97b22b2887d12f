package import Daybook
import Documents

/// Copying a thread. Its values stand under the same names behind another digest, with equal contents, which Git keeps
/// once.
extension AgentThreads {
  /// Copies a thread with all that it has: the same checkpoints with the same ids, parents and writes, under another
  /// name. What is under that name already stays, except checkpoints of the same ids. One commit takes only so much;
  /// when there is more, values come first and the thread last, so that nothing refers to what is not there.
  ///
  /// - Throws: `.notFound` when there is nothing to copy, `.usage` for a copy onto itself.
  @discardableResult
  package func copy(_ source: String, to target: String, for caller: Caller) async throws -> Document {
    let (from, to) = (try ThreadKey(source, of: caller), try ThreadKey(target, of: caller))
    guard from != to else { throw StoreError(.usage, "A thread cannot be copied onto itself.") }
    let contents = try ThreadContents(from, in: store.snapshot())
    let head = try contents.snapshot.thread(from)
    var rest =
      (contents.values.map { (Checkpoints.values, $0) } + contents.writes.map { (Checkpoints.writes, $0) }
      + contents.checkpoints.map { (Checkpoints.collection, $0) })[...]
    repeat {
      var batch = ThreadCopy(from: from, to: to)
      while let (collection, id) = rest.first, batch.hasRoom {
        if let document = try contents.snapshot.document("\(collection)/\(id)", of: from.user) { batch.add(document) }
        rest = rest.dropFirst()
      }
      let isLast = rest.isEmpty
      _ = try await store.change(for: caller) { [batch] snapshot, transaction in
        for copy in batch.documents { try transaction.put(copy.address, text: copy.text) }
        guard isLast, try snapshot.revision(to.address) == nil else { return }
        try transaction.put(to.address, .object(copied(head, to: to)), if: .absent)
      }
    } while !rest.isEmpty
    return try store.snapshot().thread(to)
  }

  /// The thread itself begins anew: what waits for a person waits in the source.
  private func copied(_ head: Document, to key: ThreadKey) -> JSONObject {
    let moment = JSONValue.string(now().text)
    var copy = head.root.value.object ?? [:]
    for name in ["open_interrupts", "open_todos", "resumptions", "resumed_at"] { copy[name] = nil }
    copy["thread_id"] = .string(key.id)
    copy["user"] = .string(key.user)
    copy["created_at"] = moment
    copy["updated_at"] = moment
    return copy
  }
}

/// As many documents of a thread as one commit copies.
private struct ThreadCopy {
  let from: ThreadKey
  let to: ThreadKey
  private(set) var documents: [(address: String, text: JSONText)] = []
  private var bytes = 0

  init(from: ThreadKey, to: ThreadKey) {
    self.from = from
    self.to = to
  }

  var hasRoom: Bool { documents.count < Limits.threadBatchDocuments && bytes < Limits.threadBatchBytes }

  mutating func add(_ document: Document) {
    let id = to.prefix + document.address.id.text.dropFirst(from.prefix.count)
    var text = document.text
    // Values say nothing of their thread.
    if document.root["thread_id"] != nil, var members = document.root.value.object {
      members["thread_id"] = .string(to.id)
      text = text.changing(to: .object(members))
    }
    bytes += text.bytes.count
    documents.append(("\(document.address.collection)/\(id)", text))
  }
}
