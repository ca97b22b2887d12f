import Daybook
import Testing

extension TestService {
  /// Sends a request that is to be answered with a status, and returns what the answer says.
  @discardableResult
  func call(
    _ method: String, _ path: String, _ body: JSONValue? = nil, headers: [String: String] = [:],
    gives status: Int = 200, sourceLocation: SourceLocation = #_sourceLocation
  ) async throws -> JSONValue {
    let reply = try await send(method, path, body, headers: headers)
    #expect(reply.status == status, "\(method) \(path): \(reply.text)", sourceLocation: sourceLocation)
    return reply.json
  }

  /// A figure of `/metrics`, by its name and labels.
  func figure(_ name: String) async throws -> Int? {
    let lines = try await send("GET", "/metrics").text.split(separator: "\n")
    return lines.first { $0.hasPrefix(name + " ") }.flatMap { Int($0.dropFirst(name.utf8.count + 1)) }
  }

  /// Makes a document, and returns its id.
  func make(_ path: String, _ body: JSONValue, sourceLocation: SourceLocation = #_sourceLocation) async throws -> String
  {
    let made = try await call("POST", path, body, gives: 201, sourceLocation: sourceLocation)
    return try #require(made["id"]?.string, sourceLocation: sourceLocation)
  }

  /// Writes a document of somebody else's, and returns its id.
  func makeForeign(_ collection: String, _ members: JSONObject) async throws -> String {
    var members = members
    members["user"] = "somebody-else"
    let document = try await call("POST", "/v1/collections/\(collection)", .object(members), gives: 201)["document"]
    return String(try #require(document?.string).dropFirst(collection.count + 1))
  }
}

extension JSONValue {
  /// The ids of a page.
  var ids: [String] { self["documents"]?.array?.compactMap { $0["id"]?.string } ?? [] }
}
