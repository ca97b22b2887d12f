import Documents

/// One change of form that all documents of a kind go through. A step is a pure function of a value, and does nothing
/// where what it speaks of is missing.
///
/// `*` in a pointer stands for every element of an array. Sealed values are carried along whole: no step looks into one.
enum MigrationStep: Hashable, Sendable {
  /// Gives a member another name in the same object.
  case rename(JSONPointer, to: String)
  /// Takes a member to another place; objects on the way there are made, and those that it leaves empty go.
  case move(JSONPointer, to: JSONPointer)
  /// Sets a member that is missing.
  case setDefault(JSONPointer, JSONValue)
  /// Removes a member that holds just this: the way back from `setDefault`.
  case dropDefault(JSONPointer, JSONValue)
  case remove(JSONPointer)
  /// Exchanges values for others; those that no pair names stay.
  case map(JSONPointer, [ValuePair])
  case convert(JSONPointer, from: ScalarType, to: ScalarType)
  /// Cuts a string into members; the last one takes the rest.
  case split(JSONPointer, at: String, into: [JSONPointer])
  /// Joins strings to one.
  case merge([JSONPointer], with: String, into: JSONPointer)
  /// Puts a value that is no array into one.
  case wrap(JSONPointer)
  /// Takes the only element out of an array.
  case unwrap(JSONPointer)

  struct ValuePair: Hashable, Sendable {
    var old: JSONValue
    var new: JSONValue
  }

  enum ScalarType: String, Hashable, Sendable, CaseIterable {
    case string, number, integer, boolean
  }

  /// The step back; nil where there is none.
  var inverse: MigrationStep? {
    switch self {
    case .rename(let pointer, let name):
      guard let old = pointer.tokens.last, let parent = pointer.parent else { return nil }
      return .rename(parent.appending(name), to: old)
    case .move(let from, let to): return .move(to, to: from)
    case .setDefault(let pointer, let value): return .dropDefault(pointer, value)
    case .dropDefault(let pointer, let value): return .setDefault(pointer, value)
    case .remove: return nil
    case .map(let pointer, let pairs): return .map(pointer, pairs.map { ValuePair(old: $0.new, new: $0.old) })
    case .convert(let pointer, let from, let to): return .convert(pointer, from: to, to: from)
    case .split(let pointer, let separator, let parts): return .merge(parts, with: separator, into: pointer)
    case .merge(let parts, let separator, let pointer): return .split(pointer, at: separator, into: parts)
    case .wrap(let pointer): return .unwrap(pointer)
    case .unwrap(let pointer): return .wrap(pointer)
    }
  }

  func applied(to value: JSONValue) -> JSONValue {
    var value = value
    apply(to: &value)
    return value
  }

  private func apply(to document: inout JSONValue) {
    switch self {
    case .rename(let pointer, let name):
      guard let old = pointer.tokens.last, let parent = pointer.parent else { return }
      document.edit(at: parent) { $0 = $0?.renaming(old, to: name) }
    case .move(let from, let to):
      guard let value = document[from], document[to] == nil, document.canHold(to, without: from) else { return }
      document.take(from)
      document.set(to, value)
    case .setDefault(let pointer, let value): document.edit(at: pointer) { $0 = $0 ?? value }
    case .dropDefault(let pointer, let value): document.edit(at: pointer) { if $0 == value { $0 = nil } }
    case .remove(let pointer): document.edit(at: pointer) { $0 = nil }
    case .map(let pointer, let pairs):
      document.edit(at: pointer) { value in
        guard let old = value, let pair = pairs.first(where: { $0.old == old }) else { return }
        value = pair.new
      }
    case .convert(let pointer, let from, let to):
      document.edit(at: pointer) { value in
        guard let old = value, !old.isSealed else { return }
        value = old.converted(from: from, to: to) ?? old
      }
    case .split(let pointer, let separator, let parts): document.split(pointer, separator, parts)
    case .merge(let parts, let separator, let pointer): document.merge(parts, separator, pointer)
    case .wrap(let pointer): document.edit(at: pointer) { value in value = value.map { $0.array == nil ? [$0] : $0 } }
    case .unwrap(let pointer): document.edit(at: pointer) { value in value = value.map { $0.onlyElement ?? $0 } }
    }
  }
}

extension JSONValue {
  /// Whether no step may look into it.
  fileprivate var isSealed: Bool { string.map(Envelope.isClaimed) ?? false }

  fileprivate var onlyElement: JSONValue? {
    guard let array, array.count == 1, array[0].array == nil else { return Optional.none }
    return array[0]
  }

  /// With a member under another name, in its place; as it is when the new name is taken.
  fileprivate func renaming(_ old: String, to new: String) -> JSONValue {
    guard let object, object[old] != nil, object[new] == nil else { return self }
    return .object(JSONObject(object.map { (key: $0.key == old ? new : $0.key, value: $0.value) }))
  }

  fileprivate func converted(from: MigrationStep.ScalarType, to: MigrationStep.ScalarType) -> JSONValue? {
    let text: String
    switch (from, self) {
    case (.string, .string(let string)): text = string
    case (.number, .number(let number)): text = number.text
    case (.integer, .number(let number)) where number.isInteger: text = number.text
    case (.boolean, .bool(let bool)): text = bool ? "true" : "false"
    default: return nil
    }
    switch to {
    case .string: return .string(text)
    case .number: return JSONNumber(text).map { .number($0) }
    case .integer: return JSONNumber(text).flatMap { $0.isInteger ? .number($0) : nil }
    case .boolean: return ["true": .bool(true), "false": .bool(false)][text]
    }
  }

  fileprivate mutating func split(_ pointer: JSONPointer, _ separator: String, _ parts: [JSONPointer]) {
    guard let value = self[pointer], let text = value.string, !value.isSealed,
      parts.allSatisfy({ $0 == pointer || (self[$0] == nil && canHold($0, without: pointer)) })
    else { return }
    let pieces = text.cut(at: separator, count: parts.count)
    take(pointer)
    for (part, piece) in zip(parts, pieces) { set(part, .string(piece)) }
  }

  /// Missing parts at the end are left out, as `split` leaves them missing.
  fileprivate mutating func merge(_ parts: [JSONPointer], _ separator: String, _ pointer: JSONPointer) {
    let values = parts.map { self[$0] }
    let present = values.prefix { $0 != nil }.compactMap(\.self)
    guard !present.isEmpty, values.dropFirst(present.count).allSatisfy({ $0 == nil }),
      present.allSatisfy({ $0.string != nil && !$0.isSealed }), parts.contains(pointer) || self[pointer] == nil
    else { return }
    for part in parts { take(part) }
    set(pointer, .string(present.compactMap(\.string).joined(separator: separator)))
  }
}

extension String {
  /// So many pieces at most; the last one takes the rest.
  fileprivate func cut(at separator: String, count: Int) -> [String] {
    var pieces: [String] = []
    var rest = self[...]
    while pieces.count < count - 1, let place = rest.firstRange(of: separator) {
      pieces.append(String(rest[..<place.lowerBound]))
      rest = rest[place.upperBound...]
    }
    return pieces + [String(rest)]
  }
}
