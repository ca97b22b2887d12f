import Foundation

/// A server of the tests' own, written in Python, in a process of its own. It prints its port once it listens.
///
/// The tests hold the other end of its standard input; when they end, however they do, so does the server.
package final class ServerProcess {
  private let running: RunningProgram
  private let input = Pipe()
  package let port: Int

  package struct Failure: Error {}

  private static let prologue = """
    import os, signal, socket, subprocess, sys, threading, time

    children = []

    def stop():
        sys.stdin.read()
        for child in children:
            # What it has started goes with it.
            try: os.killpg(child.pid, signal.SIGTERM)
            except ProcessLookupError: pass
        os._exit(0)

    threading.Thread(target=stop, daemon=True).start()


    """

  package init(_ program: String, arguments: [String] = [], in network: TestNetwork? = nil) throws {
    let output = Pipe()
    running = try RunningProgram(
      "/usr/bin/env", (network?.entry ?? []) + ["python3", "-c", Self.prologue + program] + arguments,
      input: .descriptor(input.fileHandleForReading.fileDescriptor),
      output: .descriptor(output.fileHandleForWriting.fileDescriptor))
    try output.fileHandleForWriting.close()
    try input.fileHandleForReading.close()
    var line = Data()
    while !line.contains(UInt8(ascii: "\n")) {
      let more = output.fileHandleForReading.availableData
      if more.isEmpty { throw Failure() }
      line += more
    }
    let text = String(decoding: line, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    guard let port = Int(text) else { throw Failure() }
    self.port = port
  }

  deinit {
    try? input.fileHandleForWriting.close()
    running.wait()
  }
}
