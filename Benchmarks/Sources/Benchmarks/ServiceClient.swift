import AsyncHTTPClient
import Daybook
import Foundation
import NIOCore

/// A client as an application has one: its connections stay open, and an answer that is no success is thrown.
struct ServiceClient: Sendable {
  struct Refused: Error, CustomStringConvertible {
    let description: String
  }

  private static let timeout = TimeAmount.seconds(60)
  private static let largestAnswer = 1 << 24

  let address: String
  private let http: HTTPClient

  /// - Parameter connections: how many may be open at once.
  init(_ address: String, connections: Int) {
    var configuration = HTTPClient.Configuration()
    configuration.httpVersion = .http1Only
    configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = connections
    self.address = address
    http = HTTPClient(configuration: configuration)
  }

  func close() async throws { try await http.shutdown() }

  /// The answer's JSON.
  @discardableResult
  func send(_ method: String, _ path: String, _ body: JSONValue? = nil) async throws -> JSONValue {
    let response = try await response(method, path, body)
    let bytes = try await response.body.collect(upTo: Self.largestAnswer)
    guard (200..<300).contains(response.status.code) else {
      throw Refused(description: "\(method) \(path): \(response.status.code) \(String(buffer: bytes))")
    }
    return try JSONText(parsing: String(buffer: bytes)).root.value
  }

  /// The answer as it comes in.
  func stream(_ path: String) async throws -> HTTPClientResponse.Body {
    try await response("GET", path, nil).body
  }

  private func response(_ method: String, _ path: String, _ body: JSONValue?) async throws -> HTTPClientResponse {
    var request = HTTPClientRequest(url: address + path)
    request.method = .RAW(value: method)
    if let body {
      request.headers.add(name: "Content-Type", value: "application/json")
      request.body = .bytes(ByteBuffer(bytes: JSONText(formatting: body).bytes))
    }
    return try await http.execute(request, timeout: Self.timeout)
  }
}
