import Daybook
import Documents

/// Where a conversation stands:
///
///     active ────────── complete, fail ──────────▶ completed, error
///      │  ▲ ▲                                       │  │       ▲
///     ask │ └────────────── append ─────────────────┘  │       │
///      │ answer                                        │ complete, fail
///      ▼  │                                            │       │
///     waiting_user ◀───────────── ask ─────────────────┘       │
///      └───────────────────────────────────────────────────────┘
///
/// Nothing is final: a conversation goes on with its next message. While it waits, messages may come besides the answer. A
/// question is answered once, or withdrawn when the conversation ends: who comes second is told who was first, and when.
package enum SessionStatus: String, Sendable, CaseIterable {
  case active
  case waitingUser = "waiting_user"
  case completed
  case error

  var json: JSONValue { .string(rawValue) }
}

/// A conversation as the rules see it: each step answers the members to set.
struct SessionState {
  private let document: Document
  private let status: SessionStatus

  init(_ document: Document) {
    self.document = document
    status = document.root["status"]?.string.flatMap(SessionStatus.init) ?? .active
  }

  private var pendingQuestion: JSONValue? {
    document.root["pending_question"].flatMap { $0.kind == .object ? $0.value : nil }
  }

  func appending() -> JSONObject { status == .waitingUser ? [:] : setting(.active) }

  func asking(_ question: JSONObject) throws(StoreError) -> JSONObject {
    if let pending = pendingQuestion?["question"]?.string {
      throw conflict("'\(document.address)' waits for an answer already: \(pending)")
    }
    var members = setting(.waitingUser)
    members["pending_question"] = .object(question)
    return members
  }

  /// Checks that a question waits, and the one that is meant.
  ///
  /// - Parameter question: its id; nil for whichever waits.
  /// - Returns: the id of the question.
  func checkAnswers(_ question: String?) throws(StoreError) -> String {
    let pending = pendingQuestion?["id"]?.string
    if let pending, question == nil || question == pending { return pending }
    let last = document.root["last_answer"]
    if let last, question == nil || last["question"]?.string == question {
      throw conflict(
        "The question of '\(document.address)' was answered by \(last["user"]?.string ?? "somebody") "
          + "at \(last["answered_at"]?.string ?? "some time").")
    }
    throw conflict(
      "'\(document.address)' does not wait for \(question.map { "an answer to '\($0)'" } ?? "any answer").")
  }

  func answering(
    _ question: String, with message: String, by user: String, at moment: Timestamp
  ) -> JSONObject {
    var members = setting(.active)
    members["last_answer"] = [
      "question": .string(question), "message": .string(message), "user": .string(user),
      "answered_at": .string(moment.text),
    ]
    return members
  }

  func completing() -> JSONObject { setting(.completed) }

  func failing(_ error: String) -> JSONObject {
    var members = setting(.error)
    members["error"] = .string(error)
    return members
  }

  /// The status, without the question or the error of another one.
  private func setting(_ status: SessionStatus) -> JSONObject {
    var members: JSONObject = ["status": status.json]
    for name in ["pending_question", "error"] where document.root[name] != nil { members[name] = .null }
    return members
  }

  private func conflict(_ message: String) -> StoreError {
    StoreError(
      .conflict, message, hint: "Read the session again: it says what it waits for.",
      document: "\(document.address)")
  }
}
