package import Daybook
import Documents

/// What became of something that waited for a person.
package struct Decision: Sendable {
  /// The interrupt or todo, decided.
  package let document: Document
  package let thread: Document
  /// Whether the thread went on because this was the last thing that it waited for.
  package let resumed: Bool

  package init(document: Document, thread: Document, resumed: Bool) {
    self.document = document
    self.thread = thread
    self.resumed = resumed
  }
}

/// The members that say how a decision was made: by whom, when, and on which revision of what was asked.
enum DecisionMembers {
  static func members(of caller: Caller, at moment: Timestamp, on revision: Revision) -> JSONObject {
    var members: JSONObject = ["decided_by": .string(caller.user)]
    members["decided_through"] = caller.agent.map { .string($0) }
    members["decided_at"] = .string(moment.text)
    members["decided_on"] = .string("\(revision)")
    return members
  }

  /// - Throws: `.conflict` when somebody has decided before, with who and when, or when what was asked has changed.
  static func check(_ document: Document, seen revision: Revision) throws(StoreError) {
    let root = document.root
    let address = "\(document.address)"
    guard root["status"]?.string == "open" else {
      let user = root["decided_by"]?.string ?? "Somebody"
      let who = root["decided_through"]?.string.map { "\($0), for \(user)," } ?? user
      let when = root["decided_at"]?.string.map { " at \($0)" } ?? ""
      let what = ReviewRequest.words(root["answer"]?.value ?? root["result"]?.value) ?? root["status"]?.string ?? ""
      throw StoreError(
        .conflict, "\(who) has decided this already\(when): \(what).", hint: "Read it again to see the decision.",
        document: address)
    }
    guard document.revision == revision else {
      throw StoreError(
        .conflict, "What is asked has changed since you saw it.",
        hint: "Read it again, and decide on what is there now.",
        document: address)
    }
  }
}
