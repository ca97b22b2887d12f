/// A rule that each Swift file of the package keeps: what it says, and what in a file breaks it.
struct SourceRule: Sendable, CustomStringConvertible {
  let description: String
  let violations: @Sendable (SourceFile) -> [String]

  /// `path:line: what` for each violation.
  func findings(in files: [SourceFile]) -> [String] {
    files.flatMap { file in violations(file).map { "\(file.path):\($0)" } }
  }

  /// A rule that some words do not appear, outside of the places that have a reason to use them.
  static func words(
    _ words: [String], allowedIn places: [(folder: String, reason: String)] = [], _ description: String
  ) -> SourceRule {
    SourceRule(description: description) { [folders = places.map(\.folder)] file in
      if folders.contains(where: file.isBelow) { return [] }
      return words.flatMap { word in file.code.lines(with: word).map { "\($0): \(word)" } }
    }
  }
}
