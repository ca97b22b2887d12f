import Daybook
import Documents
import HTTPTypes

/// What went wrong with a request, as a problem document (RFC 9457). `code` has the same words as the command's errors.
///
/// ```json
/// {"type": "urn:daybook:problem:invalid", "title": "Invalid", "status": 422, "code": "invalid",
///  "detail": "'tasks/…' breaks the rules of its kind: …", "hint": null, "document": "tasks/…",
///  "pointer": "/progress", "violations": [{"pointer": "/progress", "rule": "maximum", "message": "…"}]}
/// ```
///
/// `pointer` is the first member of the body that is wrong, or a parameter: `/query/limit`. What is no JSON is told by `line`
/// and `column`.
struct Problem: Error {
  struct Violation: Equatable {
    var pointer: String
    var rule: String
    var message: String
  }

  var status: HTTPResponse.Status
  var code: String
  var detail: String
  var hint: String?
  var document: String?
  var violations: [Violation] = []
  /// The parameter, or the member of the body, that is wrong; that of the first violation when left out.
  var pointer: String?
  /// Where a body stops being JSON.
  var position: JSONPosition?
  var headers = HTTPFields()

  init(
    _ status: HTTPResponse.Status, code: StoreError.Code, _ detail: String, hint: String? = nil, pointer: String? = nil
  ) {
    self.status = status
    self.code = code.description
    self.detail = detail
    self.hint = hint
    self.pointer = pointer
    setRetry(code, nil)
  }

  /// The problem that an error of the library is. What concerns the machine rather than the request is not told: paths
  /// and causes stand in the log.
  init(_ error: StoreError) {
    status = Self.table[error.code] ?? .internalServerError
    code = error.code.description
    document = error.document
    violations = error.violations.map { Violation(pointer: $0.pointer, rule: $0.rule, message: $0.message) }
    if let publicDetail = Self.machineDetails[error.code] {
      detail = publicDetail
    } else {
      detail = error.message
      hint = error.hint
    }
    setRetry(error.code, error.retrySeconds)
  }

  /// After how many seconds it may be tried again: what is busy now is not for long.
  private mutating func setRetry(_ code: StoreError.Code, _ seconds: Int64?) {
    if let seconds = seconds ?? (code == .busy ? Limits.busySeconds : nil) { headers[.retryAfter] = String(seconds) }
  }

  /// What nobody foresaw.
  static let unexpected = Problem(
    .internalServerError, code: .unavailable, "Something went wrong that should not.",
    hint: "The service's log says what, under the id of the request.")

  /// The only table from the library's errors to statuses; a test holds it complete.
  static let table: [StoreError.Code: HTTPResponse.Status] = [
    .notFound: .notFound,
    .conflict: .conflict,
    .invalid: .unprocessableContent,
    .refused: .forbidden,
    // What is not well formed is refused before (400); the library is asked for what cannot be.
    .usage: .unprocessableContent,
    .limit: .contentTooLarge,
    .unauthenticated: .unauthorized,
    .throttled: .tooManyRequests,
    .exhausted: HTTPResponse.Status(code: 402, reasonPhrase: "Payment Required"),
    .remote: .badGateway,
    .busy: .serviceUnavailable,
    .unavailable: .serviceUnavailable,
    .keyMissing: .serviceUnavailable,
    .damaged: .internalServerError,
    .newerFormat: .internalServerError,
  ]

  private static let machineDetails: [StoreError.Code: String] = [
    .busy: "The store is busy.",
    .unavailable: "The store takes no writes, or could not be read.",
    .keyMissing: "The key of a secret is not on the service's machine.",
    .damaged: "What is on the service's disk contradicts itself.",
    .newerFormat: "The store was made by a newer version of Daybook than the service's.",
  ]

  var json: JSONObject {
    var object: JSONObject = [
      "type": .string("urn:daybook:problem:\(code)"), "title": .string(status.reasonPhrase),
      "status": .number(JSONNumber(status.code)), "code": .string(code), "detail": .string(detail),
      "hint": hint.map { .string($0) } ?? .null, "document": document.map { .string($0) } ?? .null,
    ]
    if let pointer = pointer ?? violations.first?.pointer { object["pointer"] = .string(pointer) }
    if let position {
      object["line"] = .number(JSONNumber(position.line))
      object["column"] = .number(JSONNumber(position.column))
    }
    if violations.isEmpty { return object }
    object["violations"] = .array(
      violations.map {
        ["pointer": .string($0.pointer), "rule": .string($0.rule), "message": .string($0.message)]
      })
    return object
  }
}
