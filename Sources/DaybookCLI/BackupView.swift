import Daybook
import Documents
import Synchronization

/// A backup as it is shown.
struct BackupView {
  let backup: Backup

  init(_ backup: Backup) {
    self.backup = backup
  }

  private var manifest: BackupManifest { backup.manifest }

  /// One line for people.
  var summary: String {
    let documents = manifest.documents.values.reduce(0, +)
    return """
      #\(manifest.sequence) (\(manifest.commit.prefix(10))), \(documents.of("document")), \
      \(manifest.objects.of("object")), \(backup.bytes) bytes
      root \(manifest.rootHash)
      """
  }

  var json: JSONObject {
    [
      "file": .string(backup.path), "bytes": .number(JSONNumber(backup.bytes)), "sha256": .string(backup.sha256),
      "made": .string(manifest.made), "daybook": .string(manifest.program), "store": .string(manifest.storeID),
      "format": .number(JSONNumber(manifest.storeFormat)), "sequence": .number(JSONNumber(manifest.sequence)),
      "commit": .string(manifest.commit), "root": .string(manifest.rootHash), "branch": .string(manifest.branch),
      "documents": .object(
        JSONObject(
          manifest.documents.sorted { $0.key < $1.key }.map { (key: $0.key, value: .number(JSONNumber($0.value))) })),
      "files": .number(JSONNumber(manifest.files)), "file_bytes": .number(JSONNumber(manifest.fileBytes)),
      "objects": .number(JSONNumber(manifest.objects)),
      "refs": .object(
        JSONObject(manifest.references.sorted { $0.key < $1.key }.map { (key: $0.key, value: .string($0.value)) })),
    ]
  }
}

/// Shows how far a backup is: a bar for each of its steps.
final class BackupBars: Sendable {
  private let isSilent: Bool
  private let bars = Mutex<[BackupProgress.Step: ProgressBar]>([:])

  /// Lends the bars to a work, and takes what is on the screen off it.
  static func during<Result>(
    isSilent: Bool, _ body: (@escaping @Sendable (BackupProgress) -> Void) async throws -> Result
  ) async rethrows -> Result {
    let bars = BackupBars(isSilent: isSilent)
    defer { bars.finish() }
    return try await body { bars.show($0) }
  }

  private init(isSilent: Bool) {
    self.isSilent = isSilent
  }

  private func show(_ progress: BackupProgress) {
    bar(progress.step).show(progress.done, of: progress.total)
  }

  private func bar(_ step: BackupProgress.Step) -> ProgressBar {
    bars.withLock { bars in
      if let bar = bars[step] { return bar }
      for earlier in bars.values { earlier.finish() }
      let bar = ProgressBar(Self.counted(step), isSilent: isSilent)
      bars[step] = bar
      return bar
    }
  }

  private static func counted(_ step: BackupProgress.Step) -> String {
    switch step {
    case .collecting: "commits looked at"
    case .writing: "objects written"
    case .verifying: "bytes verified"
    }
  }

  private func finish() {
    bars.withLock { bars in
      for bar in bars.values { bar.finish() }
    }
  }
}
