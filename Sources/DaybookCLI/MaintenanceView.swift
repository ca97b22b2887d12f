import Daybook
import Documents

/// A report of maintenance, in words and as JSON.
struct MaintenanceView {
  let report: MaintenanceReport
  /// Whether nothing was to be done: what is left is what there is to do.
  let isDryRun: Bool

  // MARK: Words

  var lines: [String] { done + left }

  private var done: [String] {
    var lines: [String] = []
    if report.leftovers.files > 0 { lines.append("removed  \(words(report.leftovers))") }
    for (collection, count) in report.swept { lines.append("swept    \(expired(count, collection))") }
    let packs = report.condensing
    if packs.bytesAfter != packs.bytesBefore {
      lines.append("packs    \(packs.packsBefore) → \(packs.packsAfter), \(packs.bytesAfter) bytes")
    }
    return lines
  }

  private var left: [String] {
    var waiting = report.expiredLeft.map { expired($0.count, $0.collection) }
    if report.leftoversLeft.files > 0 { waiting.insert(words(report.leftoversLeft), at: 0) }
    let packs = report.condensing.left.filter { $0.reason == .time }
    if !packs.isEmpty {
      waiting.append("\(packs.count.of("pack")) to condense, \(packs.reduce(0) { $0 + $1.bytes }) bytes")
    }
    let others = report.condensing.left.compactMap { pack in
      words(pack.reason).map { "left     \(pack.file), \(pack.bytes) bytes: \($0)" }
    }
    if !report.hasSearchedAll { waiting.append("folders to be searched for leftover files") }
    let reason = report.isTimeUp ? "the time was used up" : "changed, or edited by hand, meanwhile"
    return waiting.map { isDryRun ? "to do    \($0)" : "left     \($0): \(reason)" } + others
  }

  private func words(_ files: MaintenanceReport.Files) -> String {
    "\(files.files.of("leftover file")), \(files.bytes) bytes"
  }

  private func expired(_ count: Int, _ collection: String) -> String {
    "\(count.of("expired document")) of \(collection)"
  }

  /// Nil for those that only lacked time: they are told together.
  private func words(_ reason: PackLeft.Reason) -> String? {
    switch reason {
    case .time: nil
    case .memory(let bytes): "too large for this memory, --memory \(ByteSize.roundedUp(bytes)) takes it"
    case .kept: "somebody keeps it, with a file beside it"
    case .unreadable(let message): "it cannot be read, \(message)"
    }
  }

  var summary: String {
    if isDryRun { return "a dry run: nothing was written" }
    let freed = "freed \(max(0, report.bytesFreed)) bytes"
    return report.isComplete ? freed : "\(freed); not all is done"
  }

  // MARK: JSON

  var json: JSONObject {
    let packs = report.condensing
    return [
      "leftovers": json(report.leftovers), "swept": json(report.swept),
      "commits": .number(JSONNumber(report.sweepCommits)),
      "packs_before": .number(JSONNumber(packs.packsBefore)), "packs_after": .number(JSONNumber(packs.packsAfter)),
      "bytes_before": .number(JSONNumber(packs.bytesBefore)), "bytes_after": .number(JSONNumber(packs.bytesAfter)),
      "bytes_freed": .number(JSONNumber(report.bytesFreed)),
      "left": [
        "leftovers": json(report.leftoversLeft), "expired": json(report.expiredLeft),
        "packs": .array(packs.left.map { json($0) }), "folders": .bool(!report.hasSearchedAll),
      ],
      "complete": .bool(report.isComplete), "dry_run": .bool(isDryRun),
    ]
  }

  private func json(_ files: MaintenanceReport.Files) -> JSONValue {
    ["files": .number(JSONNumber(files.files)), "bytes": .number(JSONNumber(files.bytes))]
  }

  private func json(_ counts: [(collection: String, count: Int)]) -> JSONValue {
    .object(JSONObject(counts.map { (key: $0.collection, value: JSONValue.number(JSONNumber($0.count))) }))
  }

  private func json(_ pack: PackLeft) -> JSONValue {
    var object: JSONObject = ["file": .string(pack.file), "bytes": .number(JSONNumber(pack.bytes))]
    switch pack.reason {
    case .time: object["reason"] = "time"
    case .memory(let bytes):
      object["reason"] = "memory"
      object["memory_bytes"] = .number(JSONNumber(bytes))
    case .kept: object["reason"] = "kept"
    case .unreadable(let message):
      object["reason"] = "unreadable"
      object["message"] = .string(message)
    }
    return .object(object)
  }
}
