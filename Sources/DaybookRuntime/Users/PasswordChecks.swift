import Daybook
import Sodium

/// Makes and checks the texts of passwords: a few at once, since each takes much memory on purpose.
struct PasswordChecks: Sendable {
  private let work = BoundedWork(atOnce: Limits.passwordHashesAtOnce, waiting: Limits.passwordHashesWaiting)
  private let cost: PasswordHash.Cost

  init(cost: PasswordHash.Cost) {
    self.cost = cost
  }

  /// The text by which a password will be recognized.
  ///
  /// - Throws: `.refused` for one that is too short or too long, `.busy` when too many wait.
  func text(for password: [UInt8]) async throws -> String {
    let lengths = Daybook.Limits.shortestPassphraseBytes...Daybook.Limits.passphraseBytes
    guard lengths.contains(password.count) else {
      throw StoreError(
        .refused, "A password has \(lengths.lowerBound) to \(lengths.upperBound) bytes.",
        hint: "Several words are easier to keep in mind than one with signs in it.")
    }
    return try await run { [cost] in try PasswordHash.text(for: password, cost: cost) }
  }

  /// Whether a password is that of a text. Without a text the answer is no, and takes as long, so that it does not tell
  /// whether there is an account.
  func matches(_ password: [UInt8], _ text: String?) async throws -> Bool {
    guard password.count <= Daybook.Limits.passphraseBytes else { return false }
    return try await run { [cost] in
      if let text { return try PasswordHash.matches(password, text) }
      _ = try PasswordHash.key(
        from: password, salt: [UInt8](repeating: 0, count: PasswordHash.saltByteCount), cost: cost)
      return false
    }
  }

  /// Whether a text was made at the cost that is asked of new ones.
  func isUpToDate(_ text: String) -> Bool { (try? PasswordHash.isText(text, of: cost)) ?? true }

  private func run<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
    do {
      return try await work.run(body)
    } catch let error as SodiumError {
      throw StoreError(.busy, "The password could not be worked on.", hint: "Try again in a while.", cause: error)
    }
  }
}
