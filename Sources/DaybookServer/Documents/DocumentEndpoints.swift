import Daybook
import DaybookRuntime
import HTTPTypes

/// Documents of any kind: read, written, changed and deleted one by one.
enum DocumentEndpoints {
  static let group = Endpoint.Group(name: "Documents", description: "Documents of any kind, one by one.")

  static let all: [Endpoint] = [get, put, patch, delete, create].admitting(.callers)

  private static let tag = ("ETag", "The document's revision, in quotes.")
  private static let written: [Endpoint.Outcome] = [
    .problem(.notFound, "There is no such collection or document."),
    .problem(.conflict, "Somebody else wrote first, or edited the file by hand."),
    .problem(.preconditionFailed, "The document is at another revision than `If-Match` says."),
    .problem(.unprocessableContent, "The document breaks a rule of its kind; `violations` says which."),
    .problem(.forbidden, "The id is not possible."),
  ]

  static let get = Endpoint(
    .get, "/v1/documents/{collection+}/{id}", group, "Read a document",
    "The text as it stands in its file, with ‹sealed› in place of each secret.",
    parameters: [.collection, .id, .at, .ifNoneMatch],
    outcomes: [
      Endpoint.Outcome(.ok, "The document.", json: Form.anyDocument, headers: [tag]),
      Endpoint.Outcome(.notModified, "It is at the revision of `If-None-Match`."),
      .problem(.notFound, "There is no such collection or document."),
      .problem(.forbidden, "The id is not possible."),
    ]
  ) { call in
    let sight = call.sight
    let document = try document(call, sight)
    if let tags = call.headers[.ifNoneMatch].map({ EntityTags($0) }), tags.matches(document.revision) {
      return Answer(.notModified).with(.eTag, document.revision.tag)
    }
    return .document(try sight.snapshot.masked(document), document)
  }

  static let put = Endpoint(
    .put, "/v1/documents/{collection+}/{id}", group, "Write a document whole",
    "The text is kept to the byte; secrets in it are sealed, and ‹sealed› keeps the one there is.",
    parameters: [.collection, .id, .ifMatch, .ifNoneMatch] + .writing,
    body: Endpoint.Body(
      Form.anyDocument, limit: Limits.documentBytes, example: ["title": "What changed in Swift 6.3?"]),
    outcomes: [
      Endpoint.Outcome(.ok, "It was there, and is now as was sent.", json: Form.write, headers: [tag]),
      Endpoint.Outcome(.created, "It is new.", json: Form.write, headers: [tag]),
    ] + written
  ) { call in
    let text = call.content.text
    let isNew = try call.store.snapshot().revision(call.address) == nil
    let precondition = try call.precondition
    return try await write(call, isNew ? .created : .ok) { transaction in
      try transaction.put(call.address, text: text, if: precondition)
    }
  }

  static let patch = Endpoint(
    .patch, "/v1/documents/{collection+}/{id}", group, "Change members of a document",
    "With a merge patch (RFC 7396), where null removes a member, or a JSON Patch (RFC 6902). Nothing else of the text changes.",
    parameters: [.collection, .id, .ifMatch] + .writing,
    body: Endpoint.Body(
      [
        (MediaTypes.mergePatch, CheckedSchema(["type": "object"])),
        (MediaTypes.json, CheckedSchema(["type": "object"])),
        (MediaTypes.jsonPatch, CheckedSchema(Form.jsonPatch)),
      ], limit: Limits.documentBytes, example: ["temperature": 0.7]),
    outcomes: [
      Endpoint.Outcome(.ok, "It is changed.", json: Form.write, headers: [tag])
    ] + written
  ) { call in
    let content = call.content
    let precondition = try call.precondition
    guard content.mediaType == MediaTypes.jsonPatch else {
      return try await write(call) { transaction in
        try transaction.patch(call.address, merging: content.text.root.value, if: precondition)
      }
    }
    let patch: JSONPatch
    do {
      patch = try JSONPatch(parsing: content.text.root)
    } catch {
      throw Problem(.unprocessableContent, code: .invalid, "The body is not a JSON Patch: \(error).")
    }
    return try await write(call) { transaction in
      try transaction.patch(call.address, applying: patch, if: precondition)
    }
  }

  static let delete = Endpoint(
    .delete, "/v1/documents/{collection+}/{id}", group, "Delete a document",
    "With its series. Its history stays, and `/v1/revert` brings it back.",
    parameters: [.collection, .id, .ifMatch] + .writing,
    outcomes: [Endpoint.Outcome(.ok, "It is deleted.", json: Form.write)] + written
  ) { call in
    let precondition = try call.precondition
    return try await write(call) { transaction in
      try transaction.delete(call.address, if: precondition == .none ? .present : precondition)
    }
  }

  static let create = Endpoint(
    .post, "/v1/collections/{collection+}", CollectionEndpoints.group, "Write a document under a new id",
    "For collections whose ids are made by the store.",
    parameters: [.collection] + .writing,
    body: Endpoint.Body(
      Form.anyDocument, limit: Limits.documentBytes, example: ["task_type": "digest", "status": "pending"]),
    outcomes: [
      Endpoint.Outcome(
        .created, "It is written.", json: Form.write, headers: [tag, ("Location", "Where it is.")])
    ] + written
  ) { call in
    let text = call.content.text
    let collection = call["collection"]
    let answer = try await writeNew(call) { transaction in
      try transaction.create(in: collection, text: text)
    }
    return answer
  }

  // MARK: Steps

  private static func document(_ call: Call, _ sight: Sight) throws -> Document {
    if let at = call.text("at") {
      let past = try sight.snapshot.past(at: Point(parsing: at))
      if let document = try sight.document(call.address, in: past) { return document }
      throw StoreError(
        .notFound, "There was no document '\(call.address)' in commit #\(past.commit.sequence).", document: call.address
      )
    }
    if let document = try sight.document(call.address) { return document }
    throw Sight.missing(call.address)
  }

  private static func write(
    _ call: Call, _ status: HTTPResponse.Status = .ok, _ body: (inout Transaction) throws -> Void
  ) async throws -> Answer {
    let receipt = try await call.commit(body)
    return answer(receipt, status)
  }

  private static func writeNew(
    _ call: Call, _ body: (inout Transaction) throws -> DocumentAddress
  ) async throws -> Answer {
    let receipt = try await call.commit { transaction in _ = try body(&transaction) }
    guard let address = receipt.documents.first?.address else { return answer(receipt, .created) }
    return answer(receipt, .created).with(.location, "/v1/documents/\(PercentEncoding.encode("\(address)"))")
  }

  private static func answer(_ receipt: Receipt, _ status: HTTPResponse.Status) -> Answer {
    guard let document = receipt.json.first else { return Answer(.noContent) }
    var answer = Answer.json(document, status)
    if let revision = receipt.documents.first?.revision { answer.headers[.eTag] = revision.tag }
    return answer
  }
}

extension Call {
  /// What `If-Match` and `If-None-Match` want of the document that the path names.
  var precondition: Precondition {
    get throws(Problem) {
      guard let text = headers[.ifNoneMatch] else { return try revisionPrecondition(of: address) }
      guard EntityTags(text) == .any else {
        throw Problem(
          .unprocessableContent, code: .usage, "A write takes only * for If-None-Match.", hint: "Use If-Match.")
      }
      return .absent
    }
  }

  /// What `If-Match` wants of a document.
  func revisionPrecondition(of address: String) throws(Problem) -> Precondition {
    guard let text = headers[.ifMatch] else { return .none }
    switch EntityTags(text) {
    case .any: return .present
    case .tags(let tags) where tags.count == 1:
      if let revision = Revision(tags[0]) { return .revision(revision) }
      // A tag that no document can have is one that this document has not.
      var problem = Problem(
        .preconditionFailed, code: .conflict, "'\(address)' is at another revision than If-Match says.",
        hint: "Read it again.")
      problem.document = address
      throw problem
    default: throw Problem(.unprocessableContent, code: .usage, "If-Match takes one revision, or *.")
    }
  }

  /// Makes a transaction for the caller, as the parameters of every write say. A request that was carried out before gets what
  /// it came to then.
  ///
  /// - Parameter ofAll: whether it may write whatever it does, whosever that is.
  /// - Throws: 412 in place of a conflict when the request said at which revision it expects the document.
  func commit(ofAll: Bool = false, _ body: (inout Transaction) throws -> Void) async throws -> Receipt {
    guard let name else { return try await write(ofAll, body) }
    if let earlier = try rooms.requests.begin(name) { return earlier }
    do {
      let receipt = try await write(ofAll, body)
      rooms.requests.end(name, receipt)
      return receipt
    } catch {
      rooms.requests.end(name, nil)
      throw error
    }
  }

  private func write(_ ofAll: Bool, _ body: (inout Transaction) throws -> Void) async throws -> Receipt {
    do {
      return try await store.transaction(
        author: caller.author, message: text("message"), origin: .service,
        durability: text("durability").flatMap { Durability(rawValue: $0) }, request: name?.trailer
      ) { transaction in
        if !ofAll { keepRules(of: &transaction) }
        try body(&transaction)
      }
    } catch let error as StoreError where error.code == .conflict && hasPrecondition {
      var problem = Problem(error)
      problem.status = .preconditionFailed
      throw problem
    }
  }

  /// Holds a transaction to what the caller may write.
  func keepRules(of transaction: inout Transaction) {
    if !caller.isLocal { transaction.keep(WriteRule(for: caller, in: store, rooms.entitlements)) }
  }

  private var hasPrecondition: Bool { headers[.ifMatch] != nil || headers[.ifNoneMatch] != nil }
}
