import Daybook
import Documents

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

extension BackupProgress.Step: CountedStep {
  var counted: String {
    switch self {
    case .collecting: "commits looked at"
    case .writing: "objects written"
    case .verifying: "bytes verified"
    }
  }
}
