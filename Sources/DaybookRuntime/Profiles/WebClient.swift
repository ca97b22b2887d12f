import AsyncHTTPClient
import Daybook
import Documents
import Glibc
import NIOCore
import NIOHTTP1
import NIOPosix

/// A call to a server.
struct WebRequest: Sendable {
  let url: String
  var headers: [(String, String)] = []
  /// What is posted; without it the call is a GET.
  var json: JSONValue?
}

/// What a server answered.
struct WebAnswer: Sendable {
  let status: Int
  let body: [UInt8]
  let hiding: SecretHiding

  /// The body of a good answer as JSON.
  func json() throws(WebFailure) -> JSONText {
    try checkStatus()
    do {
      return try JSONText(parsing: body)
    } catch {
      throw WebFailure("the answer is no JSON: \(excerpt)")
    }
  }

  func checkStatus() throws(WebFailure) {
    switch status {
    case 200..<300: return
    case 300..<400: throw WebFailure("the server sends elsewhere (\(status)), and a key follows no redirection")
    case 401, 403: throw WebFailure("the server refuses the key, or wants one (\(status)): \(excerpt)")
    case 404: throw WebFailure("there is nothing at this address (404): is the base URL right?")
    default: throw WebFailure("the server answered with \(status): \(excerpt)")
    }
  }

  /// The beginning of the body on one line, without the secrets that it may quote.
  private var excerpt: String {
    let text = hiding.beginning(of: body, bytes: 4 * Limits.excerptCharacters)
    let line = text.split {
      $0.isWhitespace || $0.unicodeScalars.contains { $0.properties.generalCategory == .control }
    }
    .joined(separator: " ")
    return line.count > Limits.excerptCharacters ? line.prefix(Limits.excerptCharacters) + "…" : line
  }
}

/// Why a call gave no good answer: a sentence without a full stop.
struct WebFailure: Error {
  let reason: String

  init(_ reason: String) {
    self.reason = reason
  }
}

/// Makes single calls: no redirection is followed, nothing is tried twice, and both time and size have a bound.
struct WebClient: Sendable {
  private let client: HTTPClient
  private let seconds: Double
  private let hiding: SecretHiding

  /// - Parameters:
  ///   - proxy: such as `http://localhost:7890` or `socks5://localhost:1080`.
  ///   - seconds: how long a call may take.
  ///   - hiding: what no excerpt of an answer may tell.
  init(proxy: String?, seconds: Double, hiding: SecretHiding) throws(StoreError) {
    var configuration = HTTPClient.Configuration()
    configuration.redirectConfiguration = .disallow
    configuration.connectionPool.retryConnectionEstablishment = false
    configuration.timeout.connect = .nanoseconds(Int64(seconds * 1e9))
    configuration.proxy = try proxy.map { text throws(StoreError) in try Self.proxy(text) }
    client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    self.seconds = seconds
    self.hiding = hiding
  }

  func close() async {
    // All that could fail is closing connections that nobody needs any more.
    try? await client.shutdown()
  }

  func send(_ request: WebRequest) async throws(WebFailure) -> WebAnswer {
    do {
      return try await withThrowingTaskGroup(of: WebAnswer?.self) { group in
        group.addTask { try await exchange(request) }
        group.addTask {
          try await Task.sleep(for: .seconds(seconds))
          return nil
        }
        defer { group.cancelAll() }
        guard let answer = try await group.next() ?? nil else { throw WebFailure("no answer within \(limit)") }
        return answer
      }
    } catch {
      throw failure(error)
    }
  }

  private func exchange(_ request: WebRequest) async throws -> WebAnswer {
    var message = HTTPClientRequest(url: request.url)
    for (name, value) in request.headers { message.headers.add(name: name, value: value) }
    message.headers.replaceOrAdd(name: "User-Agent", value: "Daybook")
    if let json = request.json {
      message.method = .POST
      message.headers.replaceOrAdd(name: "Content-Type", value: "application/json")
      message.body = .bytes(ByteBuffer(string: json.compactText))
    }
    let response = try await client.execute(message, timeout: .nanoseconds(Int64(seconds * 1e9)))
    var body = try await response.body.collect(upTo: Limits.answerBytes)
    return WebAnswer(
      status: Int(response.status.code), body: body.readBytes(length: body.readableBytes) ?? [], hiding: hiding)
  }

  private var limit: String { JSONNumber(seconds).map { "\($0.text) s" } ?? "the time limit" }

  private func failure(_ error: any Error) -> WebFailure {
    switch error {
    case let error as WebFailure: return error
    case is NIOTooManyBytesError: return WebFailure("the answer has more than \(Limits.answerBytes >> 20) MiB")
    case let error as NIOConnectionError:
      guard let first = error.connectionErrors.first else {
        return WebFailure("the name '\(error.host)' leads to no server")
      }
      return failure(first.error)
    case let error as IOError where error.errnoCode == ECONNREFUSED:
      return WebFailure("the connection was refused: does the server run, at this address?")
    case let error as IOError: return WebFailure("the connection failed (system error \(error.errnoCode))")
    case let error as HTTPClientError where [.connectTimeout, .deadlineExceeded, .readTimeout].contains(error):
      return WebFailure("no answer within \(limit)")
    case let error as HTTPClientError where error == .invalidProxyResponse:
      return WebFailure("the proxy does not let the call through")
    // Without its details, which may quote a header.
    case let error as HTTPClientError: return WebFailure("the call failed: \(error.shortDescription)")
    default: return WebFailure("the call failed: \(error)")
    }
  }

  /// Reads `scheme://host:port`, which is what the kind's schema lets through.
  private static func proxy(_ text: String) throws(StoreError) -> HTTPClient.Configuration.Proxy {
    let parts = text.split(separator: "://", maxSplits: 1)
    let place = parts.last?.split(separator: "/").first.map(String.init) ?? ""
    let host = place.split(separator: ":").dropLast().joined(separator: ":")
    guard parts.count == 2, let port = place.split(separator: ":").last.flatMap({ Int($0) }), !host.isEmpty else {
      throw StoreError(
        .invalid, "'\(text)' is no proxy that can be used.", hint: "Write it as http://localhost:7890, with its port.")
    }
    return parts[0].hasPrefix("socks") ? .socksServer(host: host, port: port) : .server(host: host, port: port)
  }
}
