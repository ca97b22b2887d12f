import Daybook
import Logging
import ServiceLifecycle
import Synchronization

/// A figure that is above its threshold: it still works, but somebody should know before it hurts.
struct GrowthWarning: Sendable, Equatable {
  /// As in the metrics, such as `documents`.
  let figure: String
  let message: String
}

/// The thresholds above which a store's size is worth a warning.
package struct GrowthThresholds: Sendable {
  package var documents = 1_000_000
  package var packBytes = 8 << 30
  package var logBytes = 128 << 20
  package var packs = 24
  package var commits: UInt64 = 5_000_000
  package var unarchivedCommits = 20_000

  package init() {}

  func warnings(of status: StoreStatus) -> [GrowthWarning] {
    let documents = status.documents.reduce(0) { $0 + $1.count }
    let figures: [(name: String, value: Int, threshold: Int, advice: String)] = [
      ("documents", documents, self.documents, "Memory grows with them; a time to live lets old ones go."),
      (
        "pack_bytes", status.packBytes, packBytes,
        "`daybook maintain` condenses packs; `daybook stats` says what is large."
      ),
      ("log_bytes", status.logBytes, logBytes, "The archive does not keep up, or the disk is slow."),
      ("packs", status.packs, packs, "`daybook maintain` joins them."),
      ("commits", Int(clamping: status.sequence), Int(clamping: commits), "A new clone takes longer; see retention."),
      ("unarchived_commits", status.unarchivedCommits, unarchivedCommits, "The archive does not keep up."),
    ]
    return figures.filter { $0.value > $0.threshold }.map {
      GrowthWarning(figure: $0.name, message: "\($0.name) is \($0.value), above \($0.threshold). \($0.advice)")
    }
  }
}

/// Looks at the store's size now and then, and says in the log when a threshold is passed, once each time.
final class GrowthWatch: Service {
  private let status: StatusReader
  private let thresholds: GrowthThresholds
  private let logger: Logger
  private let known = Mutex<Set<String>>([])

  init(_ status: StatusReader, _ thresholds: GrowthThresholds, logger: Logger) {
    self.status = status
    self.thresholds = thresholds
    self.logger = logger
  }

  func warnings(of status: StoreStatus) -> [GrowthWarning] { thresholds.warnings(of: status) }

  func run() async throws {
    try? await cancelWhenGracefulShutdown {
      while true {
        await self.look()
        try await Task.sleep(for: .seconds(Limits.growthSeconds))
      }
    }
  }

  private func look() async {
    guard let status = try? await status.status() else { return }
    let warnings = thresholds.warnings(of: status)
    let before = known.withLock { known in
      defer { known = Set(warnings.map(\.figure)) }
      return known
    }
    for warning in warnings where !before.contains(warning.figure) { logger.warning("\(warning.message)") }
  }
}
