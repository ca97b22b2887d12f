/// What condensing may take of time and memory.
struct CondensingBudget: Sendable {
  /// When it must end; what it is at then is given up.
  var deadline = Deadline.never
  var memoryBytes = Limits.condensingMemoryBytes

  /// The largest pack that the memory lets it take. It reads packs whole, makes the new one in memory, and reads that back.
  var packBytes: Int { memoryBytes / Limits.condensingMemoryFactor }

  /// How many bytes of packs one round may take now: as many as it can be through with before the deadline.
  var roundBytes: Int {
    guard let milliseconds = deadline.millisecondsLeft else { return packBytes }
    let (bytes, isVast) = milliseconds.multipliedReportingOverflow(by: Limits.condensedBytesPerSecond / 1_000)
    return isVast ? packBytes : min(packBytes, bytes)
  }
}
