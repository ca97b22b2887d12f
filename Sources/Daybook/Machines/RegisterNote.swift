import Documents

/// When this machine tried last to put its position into a remote's register by itself, and whether the remote would have
/// none: a file of this machine's own, `register/<remote>.json`.
///
/// ```json
/// {"machine": "019a…", "tried_at": "2026-11-21T06:40:00.123Z", "refused": false}
/// ```
///
/// A copy of the store has a name of its own, so what its note says of another counts for nothing.
struct RegisterNote: Equatable {
  var machine: String
  var triedAt: Timestamp
  /// Pushes are refused when they bring a position along, and taken without it.
  var isRefused = false

  static let folder = "register"

  init(machine: String, triedAt: Timestamp, isRefused: Bool = false) {
    (self.machine, self.triedAt, self.isRefused) = (machine, triedAt, isRefused)
  }

  /// Nil for a file that is none.
  init?(parsing bytes: [UInt8]) {
    guard let root = try? JSONText(parsing: bytes).root, let machine = root["machine"]?.string,
      let triedAt = root["tried_at"]?.string.flatMap({ Timestamp(parsing: $0) })
    else { return nil }
    self.init(machine: machine, triedAt: triedAt, isRefused: root["refused"]?.bool ?? false)
  }

  var text: JSONText {
    JSONText(formatting: [
      "machine": .string(machine), "tried_at": .string(triedAt.text), "refused": .bool(isRefused),
    ])
  }

  /// Whether what was tried then is not to be tried again yet. A clock that was put back counts for nothing.
  func holds(for machine: String, at now: Timestamp) -> Bool {
    let passed = now.milliseconds - triedAt.milliseconds
    return self.machine == machine && (0..<Limits.registerIntervalSeconds * 1_000).contains(passed)
  }
}
