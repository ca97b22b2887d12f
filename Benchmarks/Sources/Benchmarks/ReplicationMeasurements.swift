import Daybook
import Foundation

/// Services over clones of one store, whose writes wait until the hub between them has them.
final class ReplicationMeasurements {
  private let processes: ServiceProcesses
  private var addresses: [String] = []

  private static let writers = 16

  /// Where the hub is.
  enum Hub {
    case folder
    /// A server, each round-trip to which takes so long.
    case server(milliseconds: Int)
  }

  /// - Parameter nodes: how many services share the hub.
  init(folder: URL, nodes: Int, hub place: Hub) throws {
    let folder = folder.appending(path: "replication-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    processes = ServiceProcesses(folder)
    let environment = ["HOME": folder.path(), "XDG_CONFIG_HOME": folder.appending(path: "config").path()]
    let (program, repository) = (HTTPMeasurements.program, folder.appending(path: "hub.git").path())
    let stores = (0..<nodes).map { folder.appending(path: "store-\($0)").path() }
    try ServiceProcesses.run("/usr/bin/git", ["init", "--quiet", "--bare", "-b", "main", repository])
    let hub = try Self.address(of: repository, place, in: folder, processes)
    try ServiceProcesses.run(program, ["init", "--empty", stores[0]], environment)
    try Data(HTTPMeasurements.schema.utf8).write(to: URL(filePath: "\(stores[0])/schemas/document.schema.json"))
    try ServiceProcesses.run(program, ["-C", stores[0], "remote", "add", "origin", hub], environment)
    try ServiceProcesses.run(program, ["-C", stores[0], "sync"], environment)
    for store in stores.dropFirst() { try ServiceProcesses.run(program, ["clone", hub, store], environment) }
    for store in stores {
      addresses.append(
        try processes.start(
          program, ["-C", store, "serve", "--port", "0", "--log-level", "error", "--sync-every", "3600"], environment
        ) { line in line.hasPrefix("http://") ? line : nil })
    }
  }

  private static func address(
    of repository: String, _ place: Hub, in folder: URL, _ processes: ServiceProcesses
  ) throws -> String {
    guard case .server(let milliseconds) = place else { return repository }
    let server = HTTPMeasurements.files.appending(path: "hub.py").path()
    return try processes.start("/usr/bin/python3", [server, folder.path(), "\(milliseconds)"], [:]) { line in
      line.hasPrefix("http://") ? line : nil
    }
  }

  func stop() { processes.stop() }

  /// How many writes a second all nodes together have answered, of new documents.
  func rate(seconds: Double) async throws -> Double {
    let clock = ContinuousClock()
    let (start, end) = (clock.now, clock.now + .seconds(seconds))
    let total = try await withThrowingTaskGroup(of: Int.self) { group in
      for (node, address) in addresses.enumerated() {
        for writer in 0..<Self.writers {
          group.addTask { try await Self.write(address, "\(node)-\(writer)", until: end) }
        }
      }
      return try await group.reduce(0, +)
    }
    return Double(total) / ((clock.now - start) / .seconds(1))
  }

  private static func write(_ address: String, _ name: String, until end: ContinuousClock.Instant) async throws -> Int {
    let client = ServiceClient(address, connections: 1)
    var count = 0
    do {
      while ContinuousClock.now < end {
        try await client.send(
          "PUT", "/v1/documents/documents/\(name)-\(count)?durability=replicated",
          ["title": "written", "text": "somewhere"])
        count += 1
      }
    } catch {
      try? await client.close()
      throw error
    }
    try await client.close()
    return count
  }
}
