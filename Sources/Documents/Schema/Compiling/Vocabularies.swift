/// The vocabularies that a schema uses. The keywords of others are remarks.
struct Vocabularies: OptionSet, Sendable {
  let rawValue: UInt8

  static let core = Vocabularies(rawValue: 1)
  static let applicator = Vocabularies(rawValue: 2)
  static let unevaluated = Vocabularies(rawValue: 4)
  static let validation = Vocabularies(rawValue: 8)
  static let metaData = Vocabularies(rawValue: 16)
  static let formatAnnotation = Vocabularies(rawValue: 32)
  static let formatAssertion = Vocabularies(rawValue: 64)
  static let content = Vocabularies(rawValue: 128)

  /// Those of the standard meta-schema.
  static let standard: Vocabularies = [
    .core, .applicator, .unevaluated, .validation, .metaData, .formatAnnotation, .content,
  ]

  private static let names: [String: Vocabularies] = [
    "core": .core, "applicator": .applicator, "unevaluated": .unevaluated, "validation": .validation,
    "meta-data": .metaData, "format-annotation": .formatAnnotation, "format-assertion": .formatAssertion,
    "content": .content,
  ]

  init(rawValue: UInt8) {
    self.rawValue = rawValue
  }

  /// The vocabulary of a URI, nil for one that is not known here.
  init?(uri: String) {
    let prefix = "https://json-schema.org/draft/2020-12/vocab/"
    guard uri.hasPrefix(prefix), let known = Self.names[String(uri.dropFirst(prefix.count))] else { return nil }
    self = known
  }
}
