import Daybook
import DaybookRuntime
import HTTPTypes

/// Writes that a client does not want to wait for when they cannot be made now (`Prefer: respond-async`, RFC 7240).
extension Parameter {
  static let prefer = Parameter(
    "Prefer", in: .header,
    "`respond-async`: when the write cannot be made now, it is accepted all the same, and made as soon as it can be.",
    ["type": "string", "maxLength": 200], example: "respond-async")
}

extension Endpoint.Outcome {
  static let accepted = Endpoint.Outcome(
    .accepted, "It cannot be made now, and will be: `/api/v1/tickets/{ticket}` tells what becomes of it.",
    json: Form.object([("ticket", ["type": "string"])]), headers: [("Location", "Where the ticket is.")])
}

extension Call {
  /// Makes a write, or lets it wait where the client prefers that to a failure.
  ///
  /// - Parameter answer: says what was written.
  func deferrable(
    _ write: @escaping @Sendable () async throws -> Document, _ answer: (Document) throws -> Answer
  ) async throws -> Answer {
    guard prefersAsync else { return try answer(try await write()) }
    let bytes = body?.text.bytes.count ?? 0
    return try self.answer(
      try await rooms.deferred.write(bytes: bytes, for: caller) { DeferredResult(try await write()) }, answer)
  }

  /// - Parameter answer: says what was written.
  func answer(_ outcome: DeferredWrites.Outcome, _ answer: (Document) throws -> Answer) throws -> Answer {
    switch outcome {
    case .done(let result):
      guard let address = result.documents.first?.address, let document = try store.snapshot().document("\(address)")
      else { throw StoreError(.notFound, "What was written is gone already.") }
      return try answer(document)
    case .accepted(let ticket):
      return Answer.json(["ticket": .string(ticket)], .accepted).with(.location, "/api/v1/tickets/\(ticket)")
    }
  }

  private var prefersAsync: Bool {
    guard let header = headers[.prefer] else { return false }
    return header.split(separator: ",").contains {
      $0.prefix { $0 != ";" }.trimming(" \t").lowercased() == "respond-async"
    }
  }
}
