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
    parameters: [.collection, .id, .at],
    outcomes: [
      Endpoint.Outcome(.ok, "The document.", json: Form.anyDocument, headers: [tag]),
      .problem(.notFound, "There is no such collection or document."),
      .problem(.forbidden, "The id is not possible."),
    ]
  ) { call in
    let sight = call.sight
    let document = try document(call, sight)
    return .document(try sight.snapshot.masked(document), document)
  }

  static let put = Endpoint(
    .put, "/v1/documents/{collection+}/{id}", group, "Write a document whole",
    "The text is kept to the byte; secrets in it are sealed, and ‹sealed› keeps the one there is.",
    parameters: [.collection, .id, .ifMatch, .ifNoneMatch] + .writing,
    body: Endpoint.Body(
      Form.anyDocument, limit: Limits.documentBytes, example: ["title": "What changed in Swift 6.3?"]),
    outcomes: [
      .write("It was there, and is now as was sent."),
      Endpoint.Outcome(.created, "It is new.", json: Form.write, headers: [tag]),
    ] + written
  ) { call in
    let text = call.content.text
    return try await write(call, if: try call.precondition) { transaction, precondition in
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
    outcomes: [.write("It is changed.")] + written
  ) { call in
    let content = call.content
    let precondition = try call.precondition
    guard content.mediaType == MediaTypes.jsonPatch else {
      return try await write(call, if: precondition) { transaction, precondition in
        try transaction.patch(call.address, merging: content.text.root.value, if: precondition)
      }
    }
    let patch: JSONPatch
    do {
      patch = try JSONPatch(parsing: content.text.root)
    } catch {
      throw Problem(.unprocessableContent, code: .invalid, "The body is not a JSON Patch: \(error).")
    }
    return try await write(call, if: precondition) { transaction, precondition in
      try transaction.patch(call.address, applying: patch, if: precondition)
    }
  }

  static let delete = Endpoint(
    .delete, "/v1/documents/{collection+}/{id}", group, "Delete a document",
    "With its series. Its history stays, and `/v1/revert` brings it back.",
    parameters: [.collection, .id, .ifMatch] + .writing,
    outcomes: [.write("It is deleted.")] + written
  ) { call in
    try await write(call, if: try call.precondition) { transaction, precondition in
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
        .created, "It is written.", json: Form.write, headers: [tag, ("Location", "Where it is.")]
      ) { _, receipt in .new(receipt) }
    ] + written
  ) { call in
    let (text, collection) = (call.content.text, call["collection"])
    return .new(try await call.commit { _ = try $0.create(in: collection, text: text) })
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
    _ call: Call, if precondition: Precondition, _ body: (inout Transaction, Precondition) throws -> Void
  ) async throws -> Answer {
    .write(
      try await call.holding(precondition, of: call.address) {
        try await call.commit { try body(&$0, precondition) }
      })
  }
}

extension Endpoint.Outcome {
  /// What the write of one document came to.
  fileprivate static func write(_ description: String) -> Endpoint.Outcome {
    Endpoint.Outcome(
      .ok, description, json: Form.write, headers: [("ETag", "The document's revision, in quotes.")]
    ) { _, receipt in .write(receipt) }
  }
}

extension Answer {
  /// What the write of one document came to; of one that was not there before, 201.
  fileprivate static func write(_ receipt: Receipt) -> Answer {
    guard let written = receipt.json.first, let (address, revision) = receipt.documents.first else {
      return Answer(.noContent)
    }
    var answer = json(written, receipt.created.contains(address) ? .created : .ok)
    answer.headers[.eTag] = revision?.tag
    return answer
  }

  /// The same, with where the document is.
  fileprivate static func new(_ receipt: Receipt) -> Answer {
    guard let address = receipt.documents.first?.address else { return write(receipt) }
    return write(receipt).with(.location, "/v1/documents/\(PercentEncoding.encode("\(address)"))")
  }
}
