import Daybook
import Documents

/// A commit as `log` and `show` print it.
struct CommitView {
  let commit: CommitSummary

  private var time: String { Timestamp(milliseconds: commit.seconds * 1_000).text }

  func text(_ style: Style) -> String {
    let heading = "commit \(commit.commit) (#\(commit.sequence))"
    let origin = commit.origin.map { "\nOrigin: \(Table.printable($0.rawValue))" } ?? ""
    let reference = commit.reference.map { "\n\($0.heading): \($0.commit.short)" } ?? ""
    let author = Table.printable("\(commit.author)")
    return "\(style.yellow(heading))\nAuthor: \(author)\nDate:   \(time)\(origin)\(reference)\n"
      + "\n    \(Table.printable(commit.subject))\n"
  }

  func line(_ style: Style) -> String {
    "\(style.yellow("#\(commit.sequence)")) \(commit.commit.short) \(Table.printable(commit.subject))"
  }

  /// - Parameter revision: what the commit left of a document; an outer nil leaves the member out.
  func json(revision: Revision?? = nil, changes: [ChangeView]? = nil) -> JSONObject {
    var object: JSONObject = [
      "commit": .string("\(commit.commit)"), "sequence": .number(JSONNumber(Int(commit.sequence))),
      "author": .string("\(commit.author)"),
      "time": .string(time), "origin": commit.origin.map { .string($0.rawValue) } ?? .null,
      "subject": .string(commit.subject),
    ]
    if let reference = commit.reference { object[reference.verb] = .string("\(reference.commit)") }
    if let revision { object["revision"] = revision.map { .string("\($0)") } ?? .null }
    if let changes { object["changes"] = .array(changes.map { .object($0.json) }) }
    return object
  }
}

extension CommitReference {
  /// The verb as a heading of a commit, such as `Undoes`.
  fileprivate var heading: String { verb.prefix(1).uppercased() + verb.dropFirst() }
}
