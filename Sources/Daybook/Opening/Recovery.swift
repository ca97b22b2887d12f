import Documents
import Git
import Storage

/// What the log still holds when a store is opened: the commits that were acknowledged but are not in the archive.
struct LoggedCommits {
  private(set) var commits: [CommitRecord] = []
  private var parts: [UInt8] = []

  /// What the branch holds. Its commits are skipped; a number alone does not tell them, as a person's commits on the same
  /// branch take the same numbers.
  private let archived: Index

  init(archived: Index) {
    self.archived = archived
  }

  /// Takes the next record of the log.
  mutating func add(_ record: LogRecord) throws(StoreError) {
    parts.append(contentsOf: record.payload)
    guard record.type == CommitRecord.end else { return }
    defer { parts.removeAll(keepingCapacity: true) }
    do {
      if archived.commit(at: record.sequence) == (try CommitRecord.commit(inPayload: parts)) { return }
      commits.append(try CommitRecord(payload: parts))
    } catch {
      throw Self.damaged("the record of commit \(record.sequence) cannot be read")
    }
  }

  static func damaged(_ reason: String) -> StoreError {
    StoreError(
      .damaged, "The log is damaged: \(reason).",
      hint:
        "Nothing was changed. Keep \(StoreLayout.log) and restore the store from a copy, or move that folder away to go on with what Git holds."
    )
  }
}

/// Makes the commits of the log again on top of what the archive holds, and sees that they come out as they were.
struct Recovery {
  let objects: ObjectReader

  /// The outcomes, oldest first; `builder` ends at the newest one.
  func replay(_ records: [CommitRecord], on builder: inout CommitBuilder) throws(StoreError) -> [CommitBuilder.Outcome]
  {
    var outcomes: [CommitBuilder.Outcome] = []
    outcomes.reserveCapacity(records.count)
    for record in records {
      guard record.parent == builder.head else {
        throw LoggedCommits.damaged(
          "commit \(record.sequence) follows \(record.parent?.short ?? "nothing"), not \(builder.head?.short ?? "nothing")"
        )
      }
      do {
        let kinds = builder.index.kinds
        let changes = try record.files.map { file throws(GitError) in try change(file, kinds) }
        let joined = try record.joined.map { id throws(GitError) in
          try CommitBuilder.JoinedCommit(id, objects)
        }
        let outcome = try builder.commit(changes, author: record.author, message: record.message, joining: joined)
        guard outcome.commit == record.commit else {
          throw LoggedCommits.damaged(
            "commit \(record.sequence) comes out as \(outcome.commit.short), not \(record.commit.short)")
        }
        objects.stage(outcome.objects)
        outcomes.append(outcome)
      } catch let error as StoreError {
        throw error
      } catch {
        throw StoreError(.damaged, "The log's commits do not fit on what Git holds.", cause: error)
      }
    }
    return outcomes
  }

  private func change(_ file: CommitRecord.File, _ kinds: Kinds) throws(GitError) -> FileChange {
    let content = file.content.map { GitObject(.blob, $0, predecessor: file.basis) }
    // The index reads the new content where it reads all others.
    if let content { objects.stage([content]) }
    return FileChange(
      path: file.path, basis: file.basis, content: content,
      index: try IndexBuilder(objects: objects).change(file.path, file.basis, content?.id, kinds),
      summary: FileChange.Summary(name: file.path, words: ""))
  }
}
