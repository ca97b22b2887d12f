import Documents

/// What an agent framework keeps of a conversation: items, of which some are messages, and others calls of tools, what these
/// answered, or thoughts. Each is kept as it was given, in a message of the session that says the same to people.
///
/// | item | role | content |
/// | --- | --- | --- |
/// | `{"role": "user", "content": "…"}` | its role; `developer` is `system` | the text, or the texts of its parts |
/// | `{"type": "function_call", "name": …, "arguments": …}` | `assistant` | `name(arguments)` |
/// | `{"type": "function_call_output", "output": "…"}` | `tool` | the output |
/// | any other | `assistant` | the texts of its parts, or nothing |
///
/// A message that came in another way is an item with its role and content.
enum SessionItem {
  /// The message that keeps an item.
  static func message(of item: JSONValue) -> JSONValue {
    ["role": .string(role(of: item)), "content": .string(content(of: item)), "item": item]
  }

  /// The item that a message keeps, or is.
  static func item(of message: JSONValue) -> JSONValue {
    if let item = message["item"] { return item }
    return ["role": message["role"] ?? .null, "content": message["content"] ?? .null]
  }

  private static let roles = ["user", "assistant", "system", "tool"]

  private static func role(of item: JSONValue) -> String {
    if let role = item["role"]?.string { return roles.contains(role) ? role : "system" }
    return item["output"] == nil ? "assistant" : "tool"
  }

  private static func content(of item: JSONValue) -> String {
    if let content = item["content"] { return text(of: content) }
    if let output = item["output"] { return text(of: output) }
    if let name = item["name"]?.string { return "\(name)(\(item["arguments"].map(text) ?? ""))" }
    return item["summary"].map(text) ?? ""
  }

  private static func text(of value: JSONValue) -> String {
    switch value {
    case .string(let text): text
    case .array(let parts): parts.compactMap { $0["text"]?.string }.joined(separator: "\n")
    case .null: ""
    default: value.compactText
    }
  }
}
