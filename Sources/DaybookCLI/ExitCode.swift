import ArgumentParser
import Daybook

/// What the exit status of the command says: the only table of it.
///
/// | status | meaning |
/// | --- | --- |
/// | 0 | done, or no differences |
/// | 1 | differences or findings, or a failure of the disk or the system |
/// | 2 | the command was used wrongly |
/// | 3 | not found |
/// | 4 | refused |
/// | 5 | conflict: somebody else wrote first |
/// | 6 | invalid |
/// | 7 | a remote cannot be reached, or refuses |
extension ExitCode {
  static let different = ExitCode(1)
  static let usage = ExitCode(2)
  static let notFound = ExitCode(3)
  static let refused = ExitCode(4)
  static let conflict = ExitCode(5)
  static let invalid = ExitCode(6)
  static let remote = ExitCode(7)

  private static let table: [StoreError.Code: ExitCode] = [
    .notFound: notFound,
    .conflict: conflict,
    .invalid: invalid,
    .limit: invalid,
    .refused: refused,
    .busy: refused,
    .newerFormat: refused,
    .keyMissing: refused,
    .unauthenticated: refused,
    .throttled: refused,
    .exhausted: refused,
    .usage: usage,
    .remote: remote,
    .damaged: failure,
    .unavailable: failure,
  ]

  /// The status for an error of the library; nil for a code that the table lacks, which a test forbids.
  init?(for code: StoreError.Code) {
    guard let status = Self.table[code] else { return nil }
    self = status
  }
}
