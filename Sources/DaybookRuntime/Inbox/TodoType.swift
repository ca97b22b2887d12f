import Daybook
import Documents

/// What a todo asks for, and which results it takes:
///
/// | type | result |
/// | --- | --- |
/// | `approval` | `{"approved": true or false, "comment"}`, or the bare truth value |
/// | `input` | a text, or what fits the todo's JSON Schema |
/// | `selection` | the id of an option; a list of at least one, when several may be chosen |
///
/// A todo with a `request` in one of the known forms takes an answer to that instead (`ReviewRequest`).
package enum TodoType: String, Sendable, CaseIterable {
  case approval, input, selection

  /// The result as it is handed to the agent.
  ///
  /// - Throws: `.invalid` for one that does not fit, `.refused` for a choice that is not offered.
  static func checked(_ result: JSONValue, for todo: JSONNode) throws(StoreError) -> JSONValue {
    if let request = todo["request"]?.value {
      return try ReviewRequest(request, responseSchema: todo["response_schema"]?.value).checked(result)
    }
    switch todo["todo_type"]?.string.flatMap({ TodoType(rawValue: $0) }) {
    case .approval: return try approval(result)
    case .selection: return try selection(result, of: todo)
    case .input, nil:
      let schema = todo["response_schema"]?.value ?? ["type": "string"]
      return try ReviewRequest(.null, responseSchema: schema).checked(result)
    }
  }

  private static func approval(_ result: JSONValue) throws(StoreError) -> JSONValue {
    if let approved = result.bool { return ["approved": .bool(approved)] }
    let comment = result["comment"] ?? .null
    guard result["approved"]?.bool != nil, comment == .null || comment.string != nil else {
      throw StoreError(.invalid, "An approval is {\"approved\": true or false}, with a text 'comment' if there is one.")
    }
    return result
  }

  private static func selection(_ result: JSONValue, of todo: JSONNode) throws(StoreError) -> JSONValue {
    let takesSeveral = todo["multiple"]?.bool ?? false
    let chosen = takesSeveral ? result.array : [result]
    guard let chosen, !chosen.isEmpty, chosen.allSatisfy({ $0.string != nil }), Set(chosen).count == chosen.count else {
      throw StoreError(
        .invalid,
        takesSeveral ? "A selection is a list of different ids of options." : "A selection is the id of an option.")
    }
    let options = todo["options"]?.elements.compactMap { $0["id"]?.value } ?? []
    if let foreign = chosen.first(where: { !options.contains($0) }) {
      throw StoreError(
        .refused, "'\(foreign.string ?? "")' is not offered.",
        hint: "Choose of: \(options.compactMap(\.string).joined(separator: ", ")).")
    }
    return result
  }
}
