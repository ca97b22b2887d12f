public import Documents

/// Which commits of a history are wanted. Without any condition, all.
///
/// ```swift
/// let mine = try store.snapshot().commits(matching: CommitFilter(author: "ann@", origin: .hand), limit: 20)
/// ```
public struct CommitFilter: Sendable {
  /// A part of the author's `Name <mail>`, in any case.
  public var author: String?
  public var origin: Origin?
  /// Not before this time.
  public var since: Timestamp?
  /// Not after this time.
  public var until: Timestamp?
  /// A file or a folder of the store that the commit changed.
  public var path: String?

  public init(
    author: String? = nil, origin: Origin? = nil, since: Timestamp? = nil, until: Timestamp? = nil, path: String? = nil
  ) {
    self.author = author
    self.origin = origin
    self.since = since
    self.until = until
    self.path = path
  }

  /// The sequences of the commits that its times admit.
  func sequences(in index: Index) -> Range<UInt64> {
    let start = since.map { index.sequence(until: $0.milliseconds - 1) + 1 } ?? 0
    let end = until.map { index.sequence(until: $0.milliseconds) + 1 } ?? .max
    return start..<max(start, end)
  }

  /// The same without the conditions for which a commit has to be read.
  package var ofTimes: CommitFilter { CommitFilter(since: since, until: until) }

  /// Whether a commit passes all conditions but those on time and path.
  package func admits(_ commit: CommitSummary) -> Bool {
    if let origin, commit.origin != origin { return false }
    guard let author else { return true }
    return "\(commit.author)".lowercased().contains(author.lowercased())
  }
}
