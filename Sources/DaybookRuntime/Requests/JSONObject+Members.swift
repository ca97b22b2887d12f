import Daybook
import Documents

/// Reading what applications send.
extension JSONObject {
  func required<Value>(
    _ name: String, _ form: (JSONValue) -> Value?, _ words: String
  ) throws(StoreError) -> Value {
    guard let value = try optional(name, form, words) else {
      throw StoreError(.invalid, "The member '\(name)' is missing: it is \(words).")
    }
    return value
  }

  /// Null counts as left out.
  func optional<Value>(
    _ name: String, _ form: (JSONValue) -> Value?, _ words: String
  ) throws(StoreError) -> Value? {
    guard let value = self[name], value != .null else { return nil }
    guard let formed = form(value) else { throw StoreError(.invalid, "The member '\(name)' is not \(words).") }
    return formed
  }
}
