import Daybook
import HTTPTypes
import Hummingbird
import NIOCore

/// What a handler answers.
struct Answer: Sendable {
  var status: HTTPResponse.Status
  var headers = HTTPFields()
  var body = ResponseBody()

  init(_ status: HTTPResponse.Status = .noContent) {
    self.status = status
  }

  /// A JSON value.
  static func json(_ value: JSONObject, _ status: HTTPResponse.Status = .ok) -> Answer {
    bytes(JSONValue.object(value).compactBytes, mediaType: MediaTypes.json, status)
  }

  /// A JSON value with bytes beside it.
  static func frames(_ value: JSONValue, _ parts: [[UInt8]]) -> Answer {
    bytes(Frames.encode(value.compactBytes, parts), mediaType: MediaTypes.frames)
  }

  static func bytes(_ bytes: [UInt8], mediaType: String, _ status: HTTPResponse.Status = .ok) -> Answer {
    var answer = Answer(status)
    answer.headers[.contentType] = mediaType
    answer.body = ResponseBody(byteBuffer: ByteBuffer(bytes: bytes))
    return answer
  }

  /// A document as it stands in its file, with its revision as entity tag.
  static func document(_ text: JSONText, _ document: Document, _ status: HTTPResponse.Status = .ok) -> Answer {
    var answer = bytes(text.bytes, mediaType: MediaTypes.json, status)
    answer.headers[.eTag] = document.revision.tag
    answer.headers[.sequence] = String(document.sequence)
    return answer
  }

  /// How many bytes the body has; nil for a stream.
  var bodyBytes: Int? { body.contentLength }

  static func problem(_ problem: Problem) -> Answer {
    var answer = bytes(JSONValue.object(problem.json).compactBytes, mediaType: MediaTypes.problem, problem.status)
    for field in problem.headers { answer.headers.append(field) }
    return answer
  }

  func with(_ name: HTTPField.Name, _ value: String) -> Answer {
    var answer = self
    answer.headers[name] = value
    return answer
  }

  var response: Response { Response(status: status, headers: headers, body: body) }
}

/// The media types that requests and answers have.
enum MediaTypes {
  static let json = "application/json"
  static let mergePatch = "application/merge-patch+json"
  static let jsonPatch = "application/json-patch+json"
  static let problem = "application/problem+json"
  static let text = "text/plain"
  static let frames = "application/vnd.daybook.frames"
  static let events = "text/event-stream"
  static let html = "text/html; charset=utf-8"
  static let metrics = "text/plain; version=0.0.4; charset=utf-8"

  /// What a `Content-Type` says, without parameters, in lower case.
  static func essence(_ header: String) -> String {
    String(header.prefix { $0 != ";" }.trimming(" \t")).lowercased()
  }
}
