package import Daybook
package import Documents

/// What a person decides on a conflict.
package enum ConflictResolution: Sendable, Equatable {
  /// What stands in the document stays.
  case mine
  /// What did not stay takes its place, also where it took something away.
  case theirs
  /// What stands there with what did not stay.
  case both
  /// Something else.
  case value(JSONValue)

  /// By its name; `value` comes with one, and nothing else does.
  ///
  /// - Throws: `.usage`.
  package init(_ name: String, value: JSONValue?) throws(StoreError) {
    switch (name, value) {
    case ("mine", nil): self = .mine
    case ("theirs", nil): self = .theirs
    case ("both", nil): self = .both
    case ("value", let value?): self = .value(value)
    default:
      throw StoreError(
        .usage, "'\(name)'\(value == nil ? "" : " with a value") is no resolution.",
        hint: "It is mine, theirs, both, or value with a value.")
    }
  }

  package static let names = ["mine", "theirs", "both", "value"]

  package var name: String {
    switch self {
    case .mine: "mine"
    case .theirs: "theirs"
    case .both: "both"
    case .value: "value"
    }
  }

  /// What stands in the place afterwards; nil for nothing.
  ///
  /// - Parameters:
  ///   - present: what stands there now.
  ///   - lost: what did not stay.
  /// - Throws: `.refused` for what cannot be both.
  func outcome(of present: JSONValue?, and lost: JSONValue?) throws(StoreError) -> JSONValue? {
    switch self {
    case .mine: return present
    case .theirs: return lost
    case .value(let value): return value
    case .both:
      guard let present, let lost else {
        throw Self.cannotBeBoth(.root, "of the two, one is that nothing is there")
      }
      return try Self.joined(present, lost, at: .root)
    }
  }

  // MARK: Both

  /// Lists with the items of the other that are not there yet, objects by their members, texts one below the other.
  /// What the other has masked is not known, so the secret stays.
  private static func joined(
    _ one: JSONValue, _ other: JSONValue, at place: JSONPointer
  ) throws(StoreError) -> JSONValue {
    if one == other { return one }
    switch (one, other) {
    case (.array(let items), .array(let others)): return .array(try joined(items, others, at: place))
    case (.object(var members), .object(let others)):
      for (key, value) in others {
        let before = members[key]
        members[key] =
          try before.map { present throws(StoreError) in
            try joined(present, value, at: place.appending(key))
          } ?? value
      }
      return .object(members)
    case (.string(let text), .string(let more)):
      if one.isSealed, more == JSONValue.sealedWord { return one }
      if one.isSealed || other.isSealed { throw cannotBeBoth(place, "a secret is one thing") }
      return .string(text + (text.hasSuffix("\n") ? "" : "\n") + more)
    default: throw cannotBeBoth(place, "only two lists, objects or texts can be joined")
    }
  }

  /// An item with an `id` is there already when one with that id is.
  private static func joined(
    _ items: [JSONValue], _ others: [JSONValue], at place: JSONPointer
  ) throws(StoreError) -> [JSONValue] {
    var result = items
    let places = Dictionary(
      items.enumerated().compactMap { index, item in item["id"].map { ($0, index) } },
      uniquingKeysWith: { first, _ in first })
    let known = Set(items)
    for item in others where !known.contains(item) {
      if let index = item["id"].flatMap({ places[$0] }) {
        result[index] = try joined(result[index], item, at: place.appending(index))
      } else {
        result.append(item)
      }
    }
    return result
  }

  private static func cannotBeBoth(_ place: JSONPointer, _ reason: String) -> StoreError {
    let place = place.tokens.isEmpty ? "" : ", at \(place)"
    return StoreError(
      .refused, "The two cannot both stay\(place): \(reason).", hint: "Resolve it with mine, theirs, or a value.")
  }
}
