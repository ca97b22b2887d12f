package import Logging
import Synchronization

/// Keeps everything that is logged, down to the finest level.
package final class RecordedLog: Sendable {
  private let kept = Mutex<[String]>([])

  package init() {}

  package var logger: Logger { Logger(label: "recorded") { _ in Handler(log: self) } }
  /// One line for each event, with its metadata.
  package var lines: [String] { kept.withLock { $0 } }
  package var text: String { lines.joined(separator: "\n") }

  private struct Handler: LogHandler {
    let log: RecordedLog
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.trace

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
      get { metadata[key] }
      set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
      log.kept.withLock { $0.append("\(event.message) \(event.metadata ?? [:])") }
    }
  }
}
