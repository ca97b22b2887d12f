/// Why a Swift value cannot be turned into JSON, or JSON into a Swift value.
public struct JSONCodingError: Error, Equatable, CustomStringConvertible {
  /// What is wrong, as a sentence.
  public var message: String
  /// The JSON value that it is about.
  public var pointer: JSONPointer
  /// Where that value begins in its text; nil when encoding.
  public var position: JSONPosition?

  /// `/models/0/name (line 4, column 15): A string is needed here, not a number.`
  public var description: String {
    let place = pointer == .root ? "The document" : "\(pointer)"
    return place + (position.map { " (\($0))" } ?? "") + ": " + message
  }

  init(_ message: String, at path: [any CodingKey], _ node: JSONNode? = nil) {
    self.message = message
    self.pointer = JSONPointer(path.map { $0.intValue.map(String.init) ?? $0.stringValue })
    self.position = node?.position
  }
}

/// A key or a place in an array, when no type of keys is at hand.
struct JSONCodingKey: CodingKey {
  let stringValue: String
  let intValue: Int?

  init(_ key: String) {
    stringValue = key
    intValue = nil
  }

  init(_ index: Int) {
    stringValue = String(index)
    intValue = index
  }

  init(stringValue: String) { self.init(stringValue) }
  init(intValue: Int) { self.init(intValue) }

  static let parent = JSONCodingKey("super")
}
