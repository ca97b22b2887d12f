import Documents
import Git

/// One file that a commit changes, ready to be written: checked, sealed, formatted and hashed. What is left for the one
/// writer is to see that nobody was faster, and to hash the folders above.
struct FileChange: Sendable {
  let path: String
  /// What must still be there when the change is made; nil for nothing.
  let basis: ObjectID?
  /// The new content; nil when the file is deleted.
  let content: GitObject?
  /// What it means for the index; nil for a file that is no document.
  let index: IndexChange?
  /// For the commit's subject, such as `profiles/llm/gpt-4o: temperature 0.2 → 0.7`.
  let summary: Summary
  /// For a file that is not in the index: whether the newest commit must hold its basis. Whoever takes in a file as a
  /// person left it does not know that.
  var mustMatchBasis = false
  /// For a segment: whether no other may have come behind it. Whoever replaces the end of a series knows all of that.
  var endsSeries = false

  struct Summary: Sendable {
    var name: String
    var words: String
    /// Whether it is a document or belongs to one; not so for a schema.
    var isDocument = true
  }
}

/// A document that a transaction wishes to be as it is already. Its commit does not change it, and must find it so.
struct KeptDocument: Sendable {
  /// The document's key without its space.
  let name: [UInt8]
  /// Nil for one that is not there.
  let revision: ObjectID?
}

/// A transaction as the writer takes it.
struct PreparedTransaction: Sendable {
  let operations: [Operation]
  var changes: [FileChange]
  var kept: [KeptDocument] = []
  /// The kinds by whose rules they were prepared.
  var kinds: ObjectID
  let author: Author
  /// The commit's subject as the caller wants it; nil: made of the changes.
  let message: String?
  let origin: Origin
  /// What the commit has to do with an earlier one.
  var reference: CommitReference?
  /// The name of the request that it carries out, if it has one; then it shares no commit.
  var request: String?
  /// Whose commit it is to be: two nodes that write the same at the same time would make one and the same commit of it.
  var node: String?
  var commitPolicy: Kind.CommitPolicy
  /// The hand edits that it takes in.
  var adoptions: [WorkingFiles.Adoption] = []

  /// The same with a commit of its own, which can be taken back without anything else, and is nobody else's.
  func byItself(of node: String) -> PreparedTransaction {
    var transaction = self
    transaction.commitPolicy = .each
    transaction.node = node
    return transaction
  }

  /// What it counts for in queues.
  var bytes: Int { changes.reduce(512) { $0 + ($1.content?.content.count ?? 0) + 256 } }
}
