import Daybook
import DaybookRuntime
import Documents

/// A commit as `log` and `show` print it.
struct CommitView {
  let commit: CommitSummary

  func text(_ style: Style) -> String {
    let heading = "commit \(commit.commit) (#\(commit.sequence))"
    let origin = commit.origin.map { "\nOrigin: \(Table.printable($0.rawValue))" } ?? ""
    let reference = commit.reference.map { "\n\($0.heading): \($0.commit.short)" } ?? ""
    let author = Table.printable("\(commit.author)")
    return "\(style.yellow(heading))\nAuthor: \(author)\nDate:   \(commit.time)\(origin)\(reference)\n"
      + "\n    \(Table.printable(commit.subject))\n"
  }

  func line(_ style: Style) -> String {
    "\(style.yellow("#\(commit.sequence)")) \(commit.commit.short) \(Table.printable(commit.subject))"
  }

  func json(revision: Revision?? = nil, changes: [ChangeView]? = nil) -> JSONObject {
    var object = commit.json(revision: revision)
    if let changes { object["changes"] = .array(changes.map { .object($0.difference.json) }) }
    return object
  }
}

extension CommitReference {
  /// The verb as a heading of a commit, such as `Undoes`.
  fileprivate var heading: String { verb.prefix(1).uppercased() + verb.dropFirst() }
}
