import Daybook
import DaybookRuntime
import HTTPTypes

/// How handlers write: at the revision that the request names, for the caller, by the rules that hold for it.
extension Call {
  // MARK: Preconditions

  /// What `If-Match` and `If-None-Match` want of the document that the path names.
  var precondition: Precondition {
    get throws {
      guard let text = headers[.ifNoneMatch] else { return try revisionPrecondition(of: address) }
      guard EntityTags(text) == .any else {
        throw Problem(
          .unprocessableContent, code: .usage, "A write takes only * for If-None-Match.", hint: "Use If-Match.",
          pointer: Parameter.ifNoneMatch.pointer)
      }
      return .absent
    }
  }

  /// What `If-Match` wants of a document. Of several revisions, the one that it has now is meant.
  ///
  /// - Throws: 412 when it has none of them.
  func revisionPrecondition(of address: String) throws -> Precondition {
    guard let text = headers[.ifMatch] else { return .none }
    switch EntityTags(text) {
    case .any: return .present
    case .tags(let tags):
      let revisions = tags.compactMap { Revision($0) }
      if revisions.count == 1, let revision = revisions.first { return .revision(revision) }
      let current = try store.snapshot().revision(address)
      if let revision = revisions.first(where: { $0 == current }) { return .revision(revision) }
      var problem = Problem(
        .preconditionFailed, code: .conflict, "'\(address)' is at another revision than If-Match says.",
        hint: "Read it again.", pointer: Parameter.ifMatch.pointer)
      problem.document = address
      throw problem
    }
  }

  /// Makes a change of a document that the request wants to be as a precondition says.
  ///
  /// - Throws: 412 in place of a conflict when the document is not so any more; any other conflict is one.
  func holding<Result>(
    _ precondition: Precondition, of address: String, _ body: () async throws -> Result
  ) async throws -> Result {
    do {
      return try await body()
    } catch let error as StoreError where error.code == .conflict {
      let revision = try store.snapshot().revision(address)
      let isKept =
        switch precondition {
        case .none: true
        case .absent: revision == nil
        case .present: revision != nil
        case .revision(let wanted): revision == wanted
        }
      // What the hub has undone did hold here.
      if isKept || error.cause is TakenBack { throw error }
      var problem = Problem(error)
      problem.status = .preconditionFailed
      throw problem
    }
  }

  // MARK: Commits

  /// Makes a transaction for the caller, as the parameters of writes say.
  ///
  /// - Parameter ofAll: whether it may write whatever it does, whosever that is.
  func commit(ofAll: Bool = false, _ body: (inout Transaction) throws -> Void) async throws -> Receipt {
    try await store.transaction(
      author: caller.author, message: text("message"), origin: .service, durability: durability,
      request: caller.request
    ) { transaction in
      if !ofAll { keepRules(of: &transaction) }
      try body(&transaction)
    }
  }

  /// The same, decided on what a snapshot shows, and again on a newer one whenever somebody else was quicker.
  func commit(deciding body: (Snapshot, inout Transaction) throws -> Void) async throws -> Receipt {
    try await store.change(for: caller, message: text("message"), durability: durability) { snapshot, transaction in
      keepRules(of: &transaction)
      try body(snapshot, &transaction)
    }
  }

  /// What must have happened before the answer comes, if the request says so.
  var durability: Durability? { text("durability").flatMap { Durability(rawValue: $0) } }

  /// Holds a transaction to what the caller may write.
  func keepRules(of transaction: inout Transaction) {
    if !caller.isLocal { transaction.keep(WriteRule(for: caller, in: store, rooms.entitlements)) }
  }
}
