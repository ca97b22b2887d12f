/// A merge patch (RFC 7396): a value whose members replace those of a document; null removes one.
public struct JSONMergePatch: Sendable, Equatable {
  /// The patch itself.
  public var value: JSONValue

  /// Any value is a merge patch.
  public init(_ value: JSONValue) { self.value = value }

  /// The document after the patch.
  public func applied(to document: JSONValue) -> JSONValue { Self.merge(value, into: document) }

  /// The text after the patch, with the formatting of all that did not change.
  public func applied(to text: JSONText) -> JSONText { text.changing(to: applied(to: text.root.value)) }

  private static func merge(_ patch: JSONValue, into target: JSONValue?) -> JSONValue {
    guard case .object(let changes) = patch else { return patch }
    var object = target?.object ?? JSONObject()
    var removed: [String] = []
    for member in changes.members {
      if member.value == .null {
        removed.append(member.key)
      } else {
        object[member.key] = merge(member.value, into: object[member.key])
      }
    }
    return .object(object.removing(removed))
  }
}
