/// A regular expression as schemas write them: ECMA-262 syntax, not anchored, over Unicode scalars.
///
/// It answers one question, whether it matches anywhere in a text, in time that grows with the text's length only:
/// there is no backtracking, so no text and no pattern can make it slow. That rules out look-around and
/// back-references, which are refused by name.
package struct Pattern: Sendable {
  /// The pattern as it was written.
  package let source: String
  private let program: PatternProgram
  private let table: PatternTable?

  /// Compiles a pattern. Throws what is wrong and where, for a pattern that is not valid, not supported or too large.
  package init(_ source: String) throws(PatternError) {
    self.source = source
    program = try PatternProgram(PatternParser.parse(source))
    table = PatternTable(program)
  }

  /// Whether the pattern matches somewhere in the text.
  package func matches(_ text: String) -> Bool {
    matches(Array(text.utf8)[...])
  }

  /// Whether the pattern matches somewhere in a text of valid UTF-8.
  func matches(_ utf8: ArraySlice<UInt8>) -> Bool {
    table?.matches(utf8) ?? program.matches(utf8)
  }
}

/// Why a text is no pattern, and at which of its Unicode scalars, counted from 0.
package struct PatternError: Error, Equatable, CustomStringConvertible {
  package var message: String
  package var offset: Int

  package var description: String { "\(message) at character \(offset + 1)" }
}
