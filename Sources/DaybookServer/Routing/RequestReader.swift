import Daybook
import DaybookRuntime
import HTTPTypes
import Hummingbird
import NIOCore

/// Makes a `Call` of a request: parameters and body read and held against what the endpoint declares.
struct RequestReader {
  let endpoint: Endpoint
  let request: Request
  let channel: any Channel
  let patience: Patience
  let room: BodyRoom

  // MARK: Parameters

  /// - Throws: a problem for a parameter that is missing, unknown, given twice, or has a value that its schema forbids.
  func parameters(ofPath path: [(name: String, value: Substring)]) throws(Problem) -> [String: [JSONValue]] {
    var found: [String: [JSONValue]] = [:]
    for (name, text) in path {
      guard let decoded = PercentEncoding.decode(text) else { throw undecodable("path") }
      found[name] = [try value(of: name, in: .path, decoded)]
    }
    if let query = request.uri.query {
      guard let pairs = PercentEncoding.pairs(ofQuery: query) else { throw undecodable("query") }
      for (name, text) in pairs {
        let value = try value(of: name, in: .query, text)
        let most = parameter(name, in: .query)?.isRepeatable == true ? Limits.repeatedParameters : 1
        guard found[name, default: []].count < most else {
          throw Problem(
            .badRequest, code: .usage, "The query parameter \(name) is given more than \(most) times.",
            pointer: Parameter.pointer(name, in: .query))
        }
        found[name, default: []].append(value)
      }
    }
    for parameter in endpoint.parameters {
      guard let field = parameter.field, let text = request.headers[field] else { continue }
      found[parameter.name] = [try parameter.value(of: text)]
    }
    for parameter in endpoint.parameters where parameter.isRequired && found[parameter.name] == nil {
      throw Problem(
        .badRequest, code: .usage, "The \(parameter.place.rawValue) parameter \(parameter.name) is missing.",
        pointer: parameter.pointer)
    }
    try checkConditions()
    return found
  }

  /// - Throws: a problem for a condition that would not hold: it is better refused than passed over. What GET answers without
  ///   an entity tag has always changed.
  private func checkConditions() throws(Problem) {
    for condition in [Parameter.ifMatch, .ifNoneMatch] where !endpoint.takes(condition) {
      guard let field = condition.field, request.headers[field] != nil else { continue }
      if condition.name == Parameter.ifNoneMatch.name, SiteRule.isSafe(request.method) { continue }
      throw Problem(
        .badRequest, code: .usage, "\(condition.name) is of no effect at this address.", hint: "Leave it out.",
        pointer: condition.pointer)
    }
  }

  private func value(of name: String, in place: Parameter.Place, _ text: String) throws(Problem) -> JSONValue {
    guard let parameter = parameter(name, in: place) else {
      let known = endpoint.parameters.filter { $0.place == place }.map(\.name).joined(separator: ", ")
      throw Problem(
        .badRequest, code: .usage, "There is no \(place.rawValue) parameter \(name).",
        hint: known.isEmpty ? "This address takes none." : "There are: \(known).",
        pointer: Parameter.pointer(name, in: place))
    }
    return try parameter.value(of: text)
  }

  private func parameter(_ name: String, in place: Parameter.Place) -> Parameter? {
    endpoint.parameters.first { $0.name == name && $0.place == place }
  }

  private func undecodable(_ place: String) -> Problem {
    Problem(.badRequest, code: .usage, "The \(place) is not well percent-encoded UTF-8.")
  }

  // MARK: Body

  /// - Throws: a problem for a media type that the endpoint does not take (415), a body that is too large (413), too slow
  ///   (408) or broken off (400), is no JSON (400), or is not what the endpoint wants (422).
  func content() async throws -> RequestContent? {
    guard let expected = endpoint.body else {
      // Who sends one to an address that takes none expects it to count.
      if request.headers[.transferEncoding] != nil || (request.headers[.contentLength] ?? "0") != "0" {
        throw Problem(.badRequest, code: .usage, "This address takes no body.")
      }
      return nil
    }
    let form = try form(expected)
    if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > expected.limit {
      throw Problem.bodyTooLarge(expected.limit)
    }
    let share = room.share
    let bytes = RequestBytes(body: request.body, limit: expected.limit, room: share)
    if form.mediaType == expected.streamed {
      channel.triggerUserOutboundEvent(patience.stream, promise: nil)
      return .pieces(TextPieces(bytes: bytes))
    }
    let (text, parts) = try await content(of: bytes, form.mediaType)
    let violations = form.schema.violations(of: text.root)
    guard violations.isEmpty else { throw unwanted(violations) }
    return .whole(RequestText(mediaType: form.mediaType, text: text, room: share, parts: parts))
  }

  /// What the body says, and what came beside it.
  private func content(
    of pieces: RequestBytes, _ mediaType: String
  ) async throws -> (text: JSONText, parts: [[UInt8]]) {
    var bytes: [UInt8] = []
    for try await piece in pieces { bytes.append(contentsOf: piece.readableBytesView) }
    switch mediaType {
    case MediaTypes.text: return (try plainText(bytes), [])
    case MediaTypes.frames:
      guard let frames = Frames.decode(bytes) else {
        throw Problem(.badRequest, code: .invalid, "The body is not made of frames.")
      }
      return (try json(frames.json, pieces.limit), frames.parts)
    default: return (try json(bytes, pieces.limit), [])
    }
  }

  private func json(_ bytes: [UInt8], _ limit: Int) throws(Problem) -> JSONText {
    do {
      return try JSONText(parsing: bytes, limits: JSONLimits(maximumBytes: limit, maximumNodes: Limits.bodyNodes))
    } catch {
      var problem = Problem(.badRequest, code: .invalid, "The body is not JSON: \(error).", pointer: "")
      problem.position = error.position
      throw problem
    }
  }

  /// A text as the JSON string that it is.
  private func plainText(_ bytes: [UInt8]) throws(Problem) -> JSONText {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw Problem(.badRequest, code: .invalid, "The body is no UTF-8.")
    }
    return JSONText(formatting: .string(text))
  }

  private func form(_ body: Endpoint.Body) throws(Problem) -> (mediaType: String, schema: CheckedSchema) {
    let essence = request.headers[.contentType].map(MediaTypes.essence) ?? ""
    if request.headers[.contentEncoding].map({ $0.lowercased() != "identity" }) ?? false {
      throw Problem(.unsupportedMediaType, code: .usage, "Compressed bodies are not read.")
    }
    if let form = body.forms.first(where: { $0.mediaType == essence }) { return form }
    let known = body.forms.map(\.mediaType).joined(separator: " or ")
    throw Problem(
      .unsupportedMediaType, code: .usage,
      essence.isEmpty ? "The request does not say what its body is." : "Bodies of type '\(essence)' are not read here.",
      hint: "Send it as \(known), in Content-Type.")
  }

  private func unwanted(_ violations: [SchemaViolation]) -> Problem {
    let words = violations.prefix(3).map(\.message).joined(separator: "; ")
    var problem = Problem(.unprocessableContent, code: .invalid, "The body is not what is wanted here: \(words).")
    problem.violations = violations.map {
      Problem.Violation(pointer: "\($0.pointer)", rule: $0.rule, message: $0.message)
    }
    return problem
  }
}
