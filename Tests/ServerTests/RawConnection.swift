import NIOCore
import NIOPosix
import Testing

@testable import DaybookServer

/// A connection to a service that says what it likes, and when.
struct RawConnection: Sendable {
  private let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
  private let inbound: NIOAsyncChannelInboundStream<ByteBuffer>

  /// - Parameter receiveBytes: how many bytes of answers the system keeps for a client that does not read.
  static func with<Result: Sendable>(
    _ service: TestService, receiveBytes: Int? = nil, _ body: (RawConnection) async throws -> Result
  ) async throws -> Result {
    let port = try #require(service.address.split(separator: ":").last.flatMap { Int($0) })
    var bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
    if let receiveBytes {
      bootstrap = bootstrap.channelOption(.socketOption(.so_rcvbuf), value: SocketOptionValue(receiveBytes))
    }
    let channel = try await bootstrap.connect(host: "127.0.0.1", port: port) { channel in
      channel.eventLoop.makeCompletedFuture {
        try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
      }
    }
    return try await channel.executeThenClose { inbound, outbound in
      try await body(RawConnection(outbound: outbound, inbound: inbound))
    }
  }

  func send(_ text: String) async throws { try await outbound.write(ByteBuffer(string: text)) }

  /// Sends the head of a request with a few headers.
  func ask(_ method: String, _ path: String, of service: TestService, _ headers: String...) async throws {
    let host = service.address.dropFirst("http://".count)
    let lines = ["\(method) \(path) HTTP/1.1", "Host: \(host)"] + headers
    try await send(lines.joined(separator: "\r\n") + "\r\n\r\n")
  }

  /// Sends the same again and again, until that is no longer possible.
  func keepSending(_ text: String, each pause: Duration = .milliseconds(50)) async {
    while !Task.isCancelled, (try? await send(text)) != nil { try? await Task.sleep(for: pause) }
  }

  /// All that is answered until the service closes the connection.
  func answer() async -> String {
    var text = ""
    do {
      for try await part in inbound { text += String(buffer: part) }
    } catch {
      // It was closed without the last word.
    }
    return text
  }

  /// What is answered until a text has come.
  func answer(through end: String) async throws -> String {
    var text = ""
    for try await part in inbound {
      text += String(buffer: part)
      if text.contains(end) { return text }
    }
    return text
  }

  /// All that is answered while something is done, which ends with the connection.
  func answer(while body: @escaping @Sendable () async -> Void) async -> String {
    await withTaskGroup { group in
      group.addTask { await body() }
      defer { group.cancelAll() }
      return await answer()
    }
  }
}
