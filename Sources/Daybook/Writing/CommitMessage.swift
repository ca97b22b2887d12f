/// What a commit says: a subject, and the trailers by which a store finds its place again.
///
/// ```
/// profiles/llm/gpt-4o: temperature 0.2 → 0.7
///
/// Daybook-Sequence: 4711
/// Daybook-Origin: command
/// Daybook-Undoes: 8f3c2d1a90…         or another `CommitReference`, where there is one
/// Daybook-Request: 5d41402abc…        the name of the request that it carried out, where it had one
/// Daybook-Node: 01KB2…                who made it, where nobody else may have made the very same commit
/// ```
///
/// The sequence is in the commit itself, never in a file beside it, so that the two cannot contradict each other.
enum CommitMessage {
  static let sequenceKey = "Daybook-Sequence"
  static let originKey = "Daybook-Origin"
  static let requestKey = "Daybook-Request"
  static let nodeKey = "Daybook-Node"

  private static let subjectBytes = 120
  private static let namedDocuments = 3

  static func text(
    subject: String, sequence: UInt64, origin: Origin, reference: CommitReference? = nil, request: String? = nil,
    node: String? = nil
  ) -> String {
    let trailers =
      ["\(sequenceKey): \(sequence)", "\(originKey): \(origin.rawValue)"]
      + [reference?.trailer, request.map { "\(requestKey): \($0)" }, node.map { "\(nodeKey): \($0)" }]
      .compactMap(\.self)
    return "\(subject)\n\n" + trailers.map { "\($0)\n" }.joined()
  }

  /// One line of what a person gave as message.
  static func subject(from message: String) -> String {
    let line = message.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
    let clean = String(String.UnicodeScalarView(line.unicodeScalars.filter { $0.value >= 32 && $0.value != 127 }))
    return clean.isEmpty ? "change" : shortened(clean)
  }

  /// What changed, in words.
  static func subject(of changes: [FileChange.Summary]) -> String {
    guard let first = changes.first else { return "change" }
    if changes.count == 1 { return shortened("\(first.name): \(first.words)") }
    let names = changes.prefix(namedDocuments).map(\.name).joined(separator: ", ")
    let more = changes.count > namedDocuments ? " and \(changes.count - namedDocuments) more" : ""
    let noun = changes.allSatisfy(\.isDocument) ? "documents" : "files"
    return shortened("\(changes.count) \(noun): \(names)\(more)")
  }

  private static func shortened(_ text: String) -> String {
    guard text.utf8.count > subjectBytes else { return text }
    var end = text.utf8.index(text.startIndex, offsetBy: subjectBytes - 3)
    // Back to the beginning of a character: what a reader sees as one is not cut.
    while end.samePosition(in: text) == nil { end = text.utf8.index(before: end) }
    return "\(text[..<end])…"
  }
}
