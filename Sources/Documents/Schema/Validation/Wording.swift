/// How values are put into sentences.
enum Wording {
  /// A scalar as it is written, if need be in short; a container by its kind.
  static func quoted(_ value: JSONNode) -> String {
    switch value.kind {
    case .null, .bool, .number: shortened(value.content)
    case .string: "\"\(shortened(value.content))\""
    case .array, .object: kind(value)
    }
  }

  /// `"on", "off" or 1`
  static func choice(_ values: [JSONNode]) -> String {
    let shown = values.prefix(SchemaLimits.listedValues).map { quoted($0) }
    let rest = values.count - shown.count
    return (rest > 0 ? shown + ["one of \(rest) others"] : shown).joinedAsChoice()
  }

  static func kind(_ value: JSONNode) -> String {
    switch value.kind {
    case .null: "null"
    case .bool: "true or false"
    case .number: "a number"
    case .string: "a string"
    case .array: value.count == 1 ? "an array of 1 element" : "an array of \(value.count) elements"
    case .object: value.count == 1 ? "an object of 1 member" : "an object of \(value.count) members"
    }
  }

  /// `1 element`, `2 elements`
  static func counted(_ count: Int, _ noun: String) -> String {
    count == 1 ? "1 \(noun)" : "\(count) \(noun)s"
  }

  /// The beginning of a text, without line ends and other control characters.
  static func shortened(_ text: String) -> String {
    let shown = text.unicodeScalars.prefix(SchemaLimits.quotedLength)
    var result = String.UnicodeScalarView(shown.map { $0.properties.generalCategory == .control ? " " : $0 })
    if shown.endIndex != text.unicodeScalars.endIndex { result.append("…") }
    return String(result)
  }
}
