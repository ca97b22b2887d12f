import Git

/// A commit, as the history tells of it.
public struct CommitSummary: Sendable {
  public let commit: CommitID
  /// Its place in the store's total order.
  public let sequence: UInt64
  public let author: Author
  /// When it was committed, in seconds since 1970, UTC.
  public let seconds: Int64
  public private(set) var subject: String
  /// Where it came from; nil for a commit that was made without Daybook.
  public let origin: Origin?
  /// What it has to do with an earlier commit; nil for most.
  public let reference: CommitReference?
  /// The name of the request that it carried out, as `Store.transaction` was given it; nil for most.
  public let request: String?

  init(_ id: ObjectID, _ sequence: UInt64, _ commit: Commit) {
    self.commit = CommitID(id)
    self.sequence = sequence
    author = Author(name: commit.author.name, email: commit.author.email)
    seconds = commit.committer.seconds
    subject = commit.subject
    origin = commit.trailer(CommitMessage.originKey).map { Origin(rawValue: $0) }
    reference = CommitReference(commit)
    request = commit.trailer(CommitMessage.requestKey)
  }

  /// The same for one who may not know all that it changed.
  package var withoutSubject: CommitSummary {
    var summary = self
    summary.subject = "several documents"
    return summary
  }
}

/// One change of a document, as its history tells of it.
public struct DocumentVersion: Sendable {
  public let commit: CommitSummary
  /// The revision that the commit left; nil when it deleted the document.
  public let revision: Revision?
}
