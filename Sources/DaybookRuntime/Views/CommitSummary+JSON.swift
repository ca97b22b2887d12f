package import Daybook
package import Documents

extension CommitSummary {
  /// The commit as the command prints it with `--json`, and the service answers it.
  ///
  /// - Parameter revision: what the commit left of a document; an outer nil leaves the member out.
  package func json(revision: Revision?? = nil) -> JSONObject {
    var object: JSONObject = [
      "commit": .string("\(commit)"), "sequence": .number(JSONNumber(sequence)), "author": .string("\(author)"),
      "time": .string(time), "origin": origin.map { .string($0.rawValue) } ?? .null, "subject": .string(subject),
    ]
    if let reference { object[reference.verb] = .string("\(reference.commit)") }
    if let revision { object["revision"] = revision.map { .string("\($0)") } ?? .null }
    return object
  }

  /// When it was made, in RFC 3339.
  package var time: String { Timestamp(milliseconds: seconds * 1_000).text }
}

extension BlamedMember {
  /// The member, its value, and the commit that set it.
  package var json: JSONObject { json(commit) }

  /// - Parameter commit: the commit as it may be shown; nil when it may not be.
  package func json(_ commit: CommitSummary?) -> JSONObject {
    JSONObject([("pointer", .string("\(pointer)")), ("value", value)] + Array(commit?.json() ?? ["commit": .null]))
  }
}
