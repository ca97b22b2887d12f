import Documents
import Git
import Storage

/// What the log still holds when a store is opened: the commits that were acknowledged but are not in the archive.
struct LoggedCommits {
  private(set) var commits: [CommitRecord] = []
  private var parts: [UInt8] = []

  /// Commits up to this sequence are in the archive and are skipped unread.
  let archived: UInt64

  init(archived: UInt64) {
    self.archived = archived
  }

  /// Takes the next record of the log.
  mutating func add(_ record: LogRecord) throws(StoreError) {
    guard record.sequence > archived else { return }
    parts.append(contentsOf: record.payload)
    guard record.type == CommitRecord.end else { return }
    defer { parts.removeAll(keepingCapacity: true) }
    do {
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
  let indexBuilder: IndexBuilder
  let objects: ObjectReader

  /// The outcomes, oldest first; `builder` ends at the newest one.
  func replay(_ records: [CommitRecord], on builder: inout CommitBuilder) throws(StoreError) -> [CommitBuilder.Outcome]
  {
    var outcomes: [CommitBuilder.Outcome] = []
    outcomes.reserveCapacity(records.count)
    for record in records {
      guard record.parent == builder.head, record.sequence == builder.sequence + 1 else {
        throw StoreError(
          .conflict, "The branch was moved by another program while the log held newer commits.",
          hint:
            "The log's commits follow \(record.parent?.short ?? "nothing"), the branch is at \(builder.head?.short ?? "nothing"). Move the branch back with `git update-ref`, and open the store again."
        )
      }
      do {
        let changes = try record.files.map { file throws(GitError) in try change(file) }
        let outcome = try builder.commit(changes, author: record.author, message: record.message)
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

  private func change(_ file: CommitRecord.File) throws(GitError) -> FileChange {
    let content = file.content.map { GitObject(.blob, $0, predecessor: file.basis) }
    // The index reads the new content where it reads all others.
    if let content { objects.stage([content]) }
    return FileChange(
      path: file.path, basis: file.basis, content: content,
      index: try indexBuilder.change(file.path, file.basis, content?.id),
      summary: FileChange.Summary(name: file.path, words: ""))
  }
}
