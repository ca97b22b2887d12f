import Foundation

/// Prints rows as they come: a table for people, or one JSON object a line with `BENCH_JSON=1`.
public struct Report: Sendable {
  private let asJSON: Bool

  public init(environment: [String: String] = ProcessInfo.processInfo.environment) {
    asJSON = environment["BENCH_JSON"] == "1"
  }

  public func begin() {
    note(line("", "ours", "peer", "unit", "ratio", "goal", "met"))
  }

  public func add(_ row: Row) throws {
    if asJSON {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      FileHandle.standardOutput.write(try encoder.encode(row) + Data("\n".utf8))
    }
    let met = row.met.map { $0 ? "yes" : "NO" } ?? "–"
    note(
      line(row.name, text(row.ours), text(row.peer), row.unit, row.ratio.map { short($0) + "×" } ?? "–", row.goal, met))
  }

  /// The table goes to standard error when standard output carries JSON.
  private func note(_ line: String) {
    (asJSON ? FileHandle.standardError : FileHandle.standardOutput).write(Data((line + "\n").utf8))
  }

  private func text(_ value: Double?) -> String { value.map(short) ?? "–" }

  private func line(
    _ name: String, _ ours: String, _ peer: String, _ unit: String, _ ratio: String, _ goal: String, _ met: String
  ) -> String {
    let columns = [(ours, 10), (peer, 10), (unit, 12), (ratio, 9), (goal, 9), (met, 5)]
    return padded(name, 52, isLeft: true) + columns.map { padded($0.0, $0.1, isLeft: false) }.joined()
  }

  private func padded(_ text: String, _ width: Int, isLeft: Bool) -> String {
    let space = String(repeating: " ", count: max(1, width - text.count))
    return isLeft ? text + space : space + text
  }
}
