package import Daybook
package import Documents

/// A question to the user, and its answer, which comes once.
extension Sessions {
  /// Lets a conversation wait for its user.
  ///
  /// - Parameters:
  ///   - options: answers to choose from.
  ///   - metadata: what the application needs to go on with the answer.
  ///   - messages: what is said together with the question, such as the agent's turn that led to it.
  /// - Returns: the session, whose `pending_question` has an id for the answer to name.
  /// - Throws: `.conflict` when it waits for an answer already.
  @discardableResult
  package func ask(
    _ question: String, options: [String]? = nil, metadata: JSONObject? = nil, messages: [JSONValue] = [],
    in id: String, for caller: Caller
  ) async throws -> Document {
    let moment = documents.now()
    let messages = try prepared(messages, at: moment)
    var members: JSONObject = ["id": .string(documents.store.makeID().text), "question": .string(question)]
    members["options"] = options.map { .array($0.map { .string($0) }) }
    members["asked_at"] = .string(moment.text)
    members["metadata"] = metadata.map { .object($0) }
    return try await documents.change(id, if: nil, for: caller) { session, _, transaction throws(StoreError) in
      try messages.add(to: "\(session.address)", in: &transaction)
      return try SessionState(session).asking(members)
    }
  }

  /// Answers the pending question, which makes the conversation active again: the answer is its newest message.
  ///
  /// - Parameters:
  ///   - question: the id of the question that is meant; whichever waits when left out.
  ///   - metadata: what comes with the answer.
  /// - Returns: the conversation with its last messages, the answer among them: all that an agent needs to go on, whenever
  ///   and wherever it asked.
  /// - Throws: `.conflict` when the question was answered before, saying by whom and when, or when none waits.
  package func answer(
    _ answer: String, to question: String? = nil, metadata: JSONObject? = nil, in id: String, for caller: Caller
  ) async throws -> SessionView {
    let moment = documents.now()
    let message = documents.store.makeID().text
    _ = try await documents.change(id, if: nil, for: caller) { session, _, transaction throws(StoreError) in
      let state = SessionState(session)
      let question = try state.checkAnswers(question)
      var extra = metadata ?? [:]
      extra["answers"] = .string(question)
      let answer: JSONValue = [
        "id": .string(message), "role": "user", "content": .string(answer), "timestamp": .string(moment.text),
        "metadata": .object(extra),
      ]
      try transaction.append([answer], to: SessionMessages.series, of: "\(session.address)")
      return state.answering(question, with: message, by: caller.user, at: moment)
    }
    return try view(id, for: caller)
  }
}
