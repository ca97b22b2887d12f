import Foundation

/// Services as processes of their own, and what they are reached at.
final class ServiceProcesses {
  private let folder: URL
  private var processes: [Process] = []

  /// - Parameter folder: for what they print.
  init(_ folder: URL) { self.folder = folder }

  /// The one that was started first.
  var first: Int32 { processes[0].processIdentifier }

  /// What they hold is thrown away; one that has failed may not end when it is asked to.
  func stop() {
    for process in processes { kill(process.processIdentifier, SIGKILL) }
    processes = []
  }

  /// Returns once the closure finds the address in a line that the process prints.
  func start(
    _ program: String, _ arguments: [String], _ environment: [String: String], address: (String) -> String?
  ) throws -> String {
    let process = Process()
    process.executableURL = URL(filePath: program)
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    let output = folder.appending(path: "output-\(UUID().uuidString)")
    _ = FileManager.default.createFile(atPath: output.path(), contents: nil)
    let handle = try FileHandle(forWritingTo: output)
    process.standardOutput = handle
    process.standardError = handle
    try process.run()
    processes.append(process)
    while process.isRunning {
      let text = try String(contentsOf: output, encoding: .utf8)
      for line in text.split(separator: "\n") { if let found = address(String(line)) { return found } }
      Thread.sleep(forTimeInterval: 0.05)
    }
    throw CocoaError(.fileReadUnknown, userInfo: [NSFilePathErrorKey: program])
  }

  @discardableResult
  static func run(
    _ program: String, _ arguments: [String], _ environment: [String: String] = [:]
  ) throws -> String {
    let process = Process()
    process.executableURL = URL(filePath: program)
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    let output = Pipe()
    process.standardOutput = output
    process.standardError = output
    try process.run()
    let bytes = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: bytes, as: UTF8.self)
  }
}
