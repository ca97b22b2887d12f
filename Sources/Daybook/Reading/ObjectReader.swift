import Documents
import Git
import Storage
import Synchronization

/// Reads objects, from whichever place has them: the cache of document bodies, what is staged, the packs.
///
/// One libgit2 handle serves all readers behind a lock; documents that are read often never get that far.
final class ObjectReader: Sendable {
  let staged: StagedObjects
  let likeness = Likeness()
  /// Where the history was cut.
  let horizon: Horizon
  private let repository: Mutex<Repository>
  private let bodies: BodyCache

  init(repository: consuming sending Repository, staged: StagedObjects, cacheBytes: Int) {
    horizon = repository.horizon
    self.repository = Mutex(repository)
    self.staged = staged
    bodies = BodyCache(limit: cacheBytes)
  }

  /// The content of a document or segment.
  func blob(_ id: ObjectID) throws(GitError) -> [UInt8] {
    if let body = bodies[id] { return body.bytes }
    let content = try object(id, .blob)
    bodies.insert(.bytes(content), for: id)
    return content
  }

  /// The same, read as JSON; throws a `JSONError` when it is none.
  func text(_ id: ObjectID) throws -> JSONText {
    let body = bodies[id]
    if case .text(let text) = body { return text }
    let text = try JSONText(parsing: try body?.bytes ?? object(id, .blob))
    bodies.insert(.text(text), for: id)
    return text
  }

  /// Takes in objects that are not packed yet; documents among them are likely to be read next.
  func stage(_ objects: [GitObject]) {
    staged.add(objects)
    for object in objects where object.kind == .blob { bodies.insert(.bytes(object.content), for: object.id) }
  }

  func tree(_ id: ObjectID) throws(GitError) -> Tree {
    Tree(bytes: try object(id, .tree))
  }

  func commit(_ id: ObjectID) throws(GitError) -> Commit {
    horizon.cutting(try Commit(parsing: object(id, .commit)), id)
  }

  /// The content of an object of any kind; nil when it is nowhere.
  func contentIfPresent(_ id: ObjectID) throws(GitError) -> [UInt8]? {
    if let object = staged[id] { return object.content }
    do {
      return try withRepository { repository throws(GitError) in try repository.object(id) }.content
    } catch  where error.code == .notFound {
      return nil
    }
  }

  /// Lets go of packs that are gone from the disk: libgit2 holds them open, and so their space, as long as it lives.
  func reopen() throws(GitError) {
    try repository.withLock { repository throws(GitError) in
      repository = try repository.reopened(staged: staged)
    }
  }

  func withRepository<Result: Sendable>(_ body: (borrowing Repository) throws(GitError) -> Result) throws(GitError)
    -> Result
  {
    try repository.withLock { repository throws(GitError) in try body(repository) }
  }

  private func object(_ id: ObjectID, _ kind: ObjectKind) throws(GitError) -> [UInt8] {
    let object: GitObject
    if let found = staged[id] {
      object = found
    } else {
      object = try withRepository { repository throws(GitError) in try repository.object(id) }
    }
    guard object.kind == kind else {
      throw GitError(.damaged, "read object \(id.hex)", "it is a \(object.kind), not a \(kind)")
    }
    return object.content
  }
}
