import Git

/// Turns a group of transactions into commits, in the order in which they came.
///
/// A transaction of its own policy (`each`) becomes one commit. Those that may share one (`group`) are gathered until one
/// comes that may not, that has another author, or that touches a document which the gathered ones touch too: it must see
/// what they did.
struct GroupStaging: ~Copyable {
  typealias Answer = (request: Writer.Request, result: Result<Receipt, StoreError>)

  private struct Member {
    var request: Writer.Request
    var transaction: PreparedTransaction
  }

  private let preparer: Preparer
  private let milliseconds: Int64
  private(set) var builder: CommitBuilder
  private(set) var outcomes: [CommitBuilder.Outcome] = []
  private(set) var answers: [Answer] = []
  private var gathered: [Member] = []
  private var gatheredDocuments: Set<[UInt8]> = []

  init(builder: consuming CommitBuilder, preparer: Preparer, milliseconds: Int64) {
    self.builder = builder
    self.preparer = preparer
    self.milliseconds = milliseconds
  }

  /// Gives the builder back.
  consuming func finish() -> CommitBuilder { builder }

  mutating func stage(_ group: [Writer.Request]) {
    for request in group { stage(request) }
    commitGathered()
  }

  private mutating func stage(_ request: Writer.Request) {
    let sharesCommit = request.transaction.commitPolicy == .group
    let joins = sharesCommit && hasSameAuthor(request.transaction) && !touchesGathered(request.transaction)
    if !gathered.isEmpty, !joins { commitGathered() }
    do throws(StoreError) {
      let member = Member(request: request, transaction: try settled(request.transaction))
      gathered.append(member)
      gatheredDocuments.formUnion(member.transaction.changes.compactMap { $0.index?.name })
    } catch {
      answers.append((request, .failure(error)))
    }
    if !sharesCommit { commitGathered() }
  }

  /// A commit has one author and one origin, by which it is found, blamed and undone.
  private func hasSameAuthor(_ transaction: PreparedTransaction) -> Bool {
    gathered.allSatisfy { $0.transaction.author == transaction.author && $0.transaction.origin == transaction.origin }
  }

  private func touchesGathered(_ transaction: PreparedTransaction) -> Bool {
    transaction.changes.contains { change in change.index.map { gatheredDocuments.contains($0.name) } ?? true }
      || transaction.kept.contains { gatheredDocuments.contains($0.name) }
  }

  /// The transaction as it stands on the newest state: prepared again if somebody was faster, also with a schema, without
  /// what that state already holds.
  private mutating func settled(_ transaction: PreparedTransaction) throws(StoreError) -> PreparedTransaction {
    var transaction = transaction
    let isSettled =
      transaction.kinds == builder.index.kinds.fingerprint && builder.holds(transaction.changes)
      && builder.holds(transaction.kept)
    if !isSettled {
      (transaction.changes, transaction.kept) = try preparer.outcome(of: transaction.operations, on: builder.index)
    }
    guard transaction.changes.contains(where: { $0.index == nil }) else { return transaction }
    var kept: [FileChange] = []
    for change in transaction.changes {
      if change.index == nil, try isThereAlready(change) { continue }
      kept.append(change)
    }
    transaction.changes = kept
    return transaction
  }

  /// Throws when a file that is not in the index is not what the change was prepared on.
  private mutating func isThereAlready(_ change: FileChange) throws(StoreError) -> Bool {
    let found: ObjectID?
    do {
      found = try builder.file(at: change.path)
    } catch {
      throw Self.unreadable(error)
    }
    if found == change.content?.id { return true }
    if change.mustMatchBasis, found != change.basis { throw Preparer.changedMeanwhile(change.path) }
    return false
  }

  private mutating func commitGathered() {
    defer {
      gathered.removeAll()
      gatheredDocuments.removeAll()
    }
    guard let first = gathered.first?.transaction else { return }
    let changes = gathered.flatMap(\.transaction.changes)
    do throws(StoreError) {
      if !changes.isEmpty { outcomes.append(try commit(changes, like: first)) }
      for member in gathered {
        answers.append((member.request, .success(Receipt(member.transaction, builder))))
      }
    } catch {
      for member in gathered { answers.append((member.request, .failure(error))) }
    }
  }

  private mutating func commit(
    _ changes: [FileChange], like transaction: PreparedTransaction
  ) throws(StoreError) -> CommitBuilder.Outcome {
    let author = Signature(
      name: transaction.author.name, email: transaction.author.email,
      seconds: builder.seconds(atOrAfter: milliseconds / 1000))
    let named = gathered.count == 1 ? transaction.message.map { CommitMessage.subject(from: $0) } : nil
    do {
      let outcome = try builder.commit(
        changes, author: author, subject: named ?? CommitMessage.subject(of: changes.map(\.summary)),
        origin: transaction.origin, reference: transaction.reference, request: transaction.request,
        node: transaction.node)
      // Those that come later in the group may build on this one's documents.
      preparer.objects.stage(outcome.objects)
      return outcome
    } catch {
      throw Self.unreadable(error)
    }
  }

  private static func unreadable(_ error: GitError) -> StoreError {
    StoreError(.damaged, "A folder of the store cannot be read.", hint: "Run `daybook check`.", cause: error)
  }
}
