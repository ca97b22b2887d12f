import Daybook
import Documents

/// Sealed documents in a store that is killed, some of them while it gets new keys: all must open afterwards, and the
/// rotation must come to its end when it is begun again.
enum CrashSecrets {
  /// More than one commit of a rotation takes.
  private static let count = 250

  private static func address(_ number: Int) -> String { "profiles/llm/crash-\(number)" }
  private static func secret(_ number: Int) -> String { "crash secret \(number)" }

  static func write(to temporary: TemporaryStore) throws {
    let store = try temporary.open()
    try store.transactionBlocking { transaction in
      for number in 0..<count {
        let profile: JSONValue = [
          "name": "crash", "provider": "openai", "model": "m", "api_key": .string(secret(number)),
        ]
        try transaction.put(address(number), profile)
      }
    }
    try store.closeBlocking()
  }

  static func check(_ store: Store) async throws {
    try checkOpening(store)
    let before = try await store.keyStatus()
    guard before.isComplete, before.unsealed == 0 else { throw CrashFault("The keys are not complete: \(before)") }
    let report = try await store.rotateKeys()
    guard report.madeKey != before.isRotating else { throw CrashFault("A rotation was not gone on with: \(report)") }
    let after = try await store.keyStatus()
    guard !after.isRotating, report.left == 0, after.keys.filter({ $0.secrets > 0 }).map(\.state) == ["active"] else {
      throw CrashFault("A rotation did not come to its end: \(after)")
    }
    try checkOpening(store)
  }

  private static func checkOpening(_ store: Store) throws {
    let snapshot = store.snapshot()
    for number in 0..<count {
      guard let document = try snapshot.document(address(number)),
        try snapshot.revealed(document).root["api_key"]?.string == secret(number)
      else { throw CrashFault("The secret of \(address(number)) is lost.") }
    }
  }
}
