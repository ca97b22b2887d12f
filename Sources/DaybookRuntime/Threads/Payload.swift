package import Daybook
package import Documents

/// A value as an agent gave it: bytes with a tag that says how they are read, kept exactly, or JSON, kept readable.
///
/// In a document it is one of
///
/// ```json
/// { "type": "msgpack", "base64": "gaVzdGF0ZQE=" }
/// { "type": "json", "text": "{\"state\": 1}" }        bytes that are text
/// { "json": { "state": 1 } }
/// ```
package enum Payload: Sendable, Equatable {
  case json(JSONValue)
  /// Bytes that are text.
  case text(type: String, String)
  /// Any other bytes, in Base64.
  case base64(type: String, String)

  /// Bytes of some type, such as `msgpack`. Whatever the type, bytes that are text can be read in the document.
  package init(type: String, bytes: [UInt8]) {
    if !bytes.contains(where: Self.isUnreadable), let text = String(validating: bytes, as: UTF8.self) {
      self = .text(type: type, text)
    } else {
      self = .base64(type: type, Base64.encode(bytes))
    }
  }

  /// Control characters other than line breaks and tabs: no text that anybody reads.
  private static func isUnreadable(_ byte: UInt8) -> Bool {
    byte < 0x20 && byte != 0x0A && byte != 0x0D && byte != 0x09 || byte == 0x7F
  }

  /// Reads the form that a payload has in a document.
  ///
  /// - Throws: `.invalid` for any other.
  package init(_ node: JSONNode) throws(StoreError) {
    try self.init(
      json: node["json"]?.value, type: node["type"]?.string, text: node["text"]?.string,
      base64: node["base64"]?.string)
  }

  /// The same for a value that came from outside, with its Base64 checked.
  package init(checking value: JSONValue?) throws(StoreError) {
    try self.init(
      json: value?["json"], type: value?["type"]?.string, text: value?["text"]?.string,
      base64: value?["base64"]?.string)
    if case .base64(_, let text) = self, Base64.decode(text) == nil {
      throw StoreError(.invalid, "A value of a checkpoint is no Base64 with padding.")
    }
  }

  private init(json: JSONValue?, type: String?, text: String?, base64: String?) throws(StoreError) {
    switch (json, type, text, base64) {
    case (let json?, nil, nil, nil): self = .json(json)
    case (nil, let type?, let text?, nil): self = .text(type: type, text)
    case (nil, let type?, nil, let base64?): self = .base64(type: type, base64)
    default:
      throw StoreError(
        .invalid, "A value of a checkpoint is no payload.",
        hint: #"Give {"type": …, "base64": …}, {"type": …, "text": …} or {"json": …}."#)
    }
  }

  /// The form that it has in a document.
  package var members: JSONObject {
    switch self {
    case .json(let value): ["json": value]
    case .text(let type, let text): ["type": .string(type), "text": .string(text)]
    case .base64(let type, let text): ["type": .string(type), "base64": .string(text)]
    }
  }

  /// The same with whose it is, for a document of its own.
  func members(of user: String) -> JSONObject {
    var members: JSONObject = ["user": .string(user)]
    for (name, value) in self.members { members[name] = value }
    return members
  }

  /// The tag; nil for JSON.
  package var type: String? {
    switch self {
    case .json: nil
    case .text(let type, _), .base64(let type, _): type
    }
  }

  /// The bytes as they were given; those of JSON in its shortest form.
  ///
  /// - Throws: `.invalid` when somebody broke the Base64 in the file.
  package func bytes() throws(StoreError) -> [UInt8] {
    switch self {
    case .json(let value): return Array(value.compactText.utf8)
    case .text(_, let text): return Array(text.utf8)
    case .base64(_, let text):
      guard let bytes = Base64.decode(text) else { throw StoreError(.invalid, "A value of a checkpoint is no Base64.") }
      return bytes
    }
  }
}
