import AsyncHTTPClient
import Daybook
import Foundation
import NIOCore
import NIOHTTP1
import TestSupport

/// The service as people start it: `daybook serve`, a process of its own that can be killed.
final class ServiceProcess {
  private let process: RunningProgram
  private let output: String
  private let client: HTTPClient
  private(set) var address = ""

  /// - Parameter options: what else it is started with.
  init(_ store: TemporaryStore, options: [String] = [], client: HTTPClient = .shared) async throws {
    output = store.folder + "/service-\(UUID().uuidString)"
    self.client = client
    let place = options.contains("--ephemeral") ? [] : ["-C", store.path]
    process = try RunningProgram(
      Self.program, place + ["serve", "--port", "0"] + options,
      environment: ProcessInfo.processInfo.environment.merging(store.environment) { $1 },
      output: .file(output), errors: .output)
    while process.isRunning {
      let line = said.split(separator: "\n").first { $0.hasPrefix("http") && said.contains("\n") }
      if let line {
        address = String(line)
        return
      }
      try await Task.sleep(for: .milliseconds(20))
    }
    throw StoreError(.unavailable, "The service did not start: \(said)")
  }

  var processID: Int32 { process.id }

  deinit { process.send(SIGKILL) }

  /// All that it printed.
  var said: String { (try? String(contentsOfFile: output, encoding: .utf8)) ?? "" }

  /// As a power cut would end it.
  func strike() {
    process.send(SIGKILL)
    process.wait()
  }

  /// Asks it to stop, and returns its exit status.
  func stop() -> Int32 {
    process.send(SIGTERM)
    return process.wait().status
  }

  @discardableResult
  func send(_ method: String, _ path: String, _ body: JSONValue? = nil) async throws -> (status: Int, json: JSONValue) {
    var request = HTTPClientRequest(url: address + path)
    request.method = HTTPMethod(rawValue: method)
    if let body {
      request.headers.add(name: "content-type", value: "application/json")
      request.body = .bytes(ByteBuffer(bytes: body.compactBytes))
    }
    let response = try await client.execute(request, timeout: .seconds(60))
    let bytes = Array(try await response.body.collect(upTo: 16 << 20).readableBytesView)
    return (Int(response.status.code), (try? JSONText(parsing: bytes))?.root.value ?? .null)
  }

  /// Built beside the bundle of the tests.
  private static let program: String = {
    let executable = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    return URL(filePath: executable).deletingLastPathComponent().appending(path: "daybook").path()
  }()
}
