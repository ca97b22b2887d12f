import Daybook
import DaybookRuntime
import HTTPTypes

/// How handlers of kinds that belong to users read what was sent, and answer.
extension Call {
  /// The parameter `id` of the path.
  var id: String { self["id"] }
  var pageLimit: Int { integer("limit") ?? Limits.pageSize }

  // MARK: Body

  func sentText(_ name: String) -> String? { member(name)?.string }
  func sentObject(_ name: String) -> JSONObject? { member(name)?.value.object }
  func sentValue(_ name: String) -> JSONValue? { member(name)?.value }
  func sentItems(_ name: String) -> [JSONValue] { member(name)?.elements.map(\.value) ?? [] }

  // MARK: Answers

  func owned(_ document: Document, _ status: HTTPResponse.Status = .ok) throws -> Answer {
    Answer.json(try document.owned(in: store.snapshot()), status).with(.eTag, document.revision.tag)
  }

  func page(_ page: Page) throws -> Answer { .json(try page.owned(in: store.snapshot())) }

  /// A new document, which is found below a path.
  func created(_ document: Document, below path: String) throws -> Answer {
    try owned(document, .created).with(.location, "\(path)/\(document.address.id.text)")
  }

  /// The first document that a request wrote in a collection, as that left it.
  ///
  /// - Parameter collection: any, when left out.
  func document(writtenBy receipt: Receipt, in collection: String? = nil) throws -> Document {
    let address = receipt.documents.lazy.map(\.address).first {
      collection == nil || $0.collection.text == collection
    }
    guard let address, let document = try past(receipt).document(address) else {
      throw StoreError(.notFound, "What was written is gone.")
    }
    return document
  }

  /// The items that a request appended to series, each with its id and time.
  func appendedItems(in receipt: Receipt) throws -> [JSONValue] {
    let snapshot = store.snapshot()
    let commit = try snapshot.commit(at: .sequence(receipt.sequence))
    return try snapshot.changes(in: commit).flatMap { try snapshot.appendedItems(in: $0) ?? [] }
  }

  /// The store as a request left it.
  func past(_ receipt: Receipt) throws -> PastSnapshot {
    try store.snapshot().past(at: .sequence(receipt.sequence))
  }

  // MARK: Changes

  /// Makes a change of the document that the path names, at the revision that `If-Match` says.
  func change(in collection: String, _ body: (Revision?) async throws -> Document) async throws -> Answer {
    try owned(try await atRevision(of: "\(collection)/\(id)", body))
  }

  /// The same for a deletion.
  func delete(in collection: String, _ body: (Revision?) async throws -> Void) async throws -> Answer {
    try await atRevision(of: "\(collection)/\(id)", body)
    return Answer(.noContent)
  }

  /// Makes a change of a document at the revision that `If-Match` says.
  ///
  /// - Throws: 412 in place of a conflict when the document is at another one.
  func atRevision<Result>(
    of address: String, _ body: (Revision?) async throws -> Result
  ) async throws -> Result {
    let precondition = try revisionPrecondition(of: address)
    guard case .revision(let revision) = precondition else { return try await body(nil) }
    return try await holding(precondition, of: address) { try await body(revision) }
  }
}
