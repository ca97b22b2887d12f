import Documents

extension JSONValue {
  private static let anyElement = "*"

  /// Lends the value at a pointer to `body`, nil where its parent lacks it; setting nil removes it. `*` stands for every
  /// element of an array. Nothing happens where the way there is missing.
  mutating func edit(at pointer: JSONPointer, _ body: (inout JSONValue?) -> Void) {
    var whole: JSONValue? = self
    Self.edit(&whole, pointer.tokens[...], body)
    self = whole ?? self
  }

  private static func edit(_ value: inout JSONValue?, _ path: ArraySlice<String>, _ body: (inout JSONValue?) -> Void) {
    guard let token = path.first else { return body(&value) }
    switch value {
    case .object(var object):
      var child = object[token]
      edit(&child, path.dropFirst(), body)
      object[token] = child
      value = .object(object)
    case .array(let array):
      let place = Int(token)
      value = .array(
        array.enumerated().compactMap { index, element in
          guard token == anyElement || place == index else { return element }
          var child: JSONValue? = element
          edit(&child, path.dropFirst(), body)
          return child
        })
    default: break
    }
  }

  /// Removes a member, and the objects around it that hold nothing else: what `set` makes for it.
  mutating func take(_ pointer: JSONPointer) {
    edit(at: pointer) { $0 = nil }
    guard let parent = pointer.parent, !parent.tokens.isEmpty, self[parent]?.object?.isEmpty == true else { return }
    take(parent)
  }

  /// Sets a member, and makes the objects that lead to it.
  mutating func set(_ pointer: JSONPointer, _ value: JSONValue) {
    self = setting(pointer.tokens[...], value)
  }

  private func setting(_ path: ArraySlice<String>, _ value: JSONValue) -> JSONValue {
    guard let token = path.first else { return value }
    var object = object ?? [:]
    object[token] = (object[token] ?? .object([:])).setting(path.dropFirst(), value)
    return .object(object)
  }

  /// Whether there are only objects on the way to a member, once another one is gone.
  func canHold(_ pointer: JSONPointer, without gone: JSONPointer) -> Bool {
    guard let parent = pointer.parent else { return false }
    let above = (0..<parent.tokens.count).map { JSONPointer(Array(parent.tokens.prefix($0 + 1))) }
    return object != nil && above.allSatisfy { $0 == gone || self[$0].map { $0.object != nil } ?? true }
  }

  /// The same with the sealed values that another value has in the same places: however often one was sealed, it is the
  /// same.
  func takingSealedValues(from other: JSONValue?) -> JSONValue {
    switch (self, other) {
    case (.string(let text), .string(let sealed)) where Envelope.isClaimed(by: text) && Envelope.isClaimed(by: sealed):
      return .string(sealed)
    case (.object(let object), .object(let others)):
      return .object(
        JSONObject(object.map { (key: $0.key, value: $0.value.takingSealedValues(from: others[$0.key])) }))
    case (.array(let items), .array(let others)) where items.count == others.count:
      return .array(zip(items, others).map { $0.takingSealedValues(from: $1) })
    default: return self
    }
  }
}
