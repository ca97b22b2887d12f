/// The meta-schemas that are built in, so that a schema compiles without I/O.
enum MetaSchema {
  static let folder = "https://json-schema.org/draft/2020-12/"
  static let uri = folder + "schema"

  /// The schema that a schema without a `$schema` of its own must obey.
  static let standard: Schema = {
    guard let text = text(at: uri), let schema = try? Schema(trusting: text, at: uri) else {
      preconditionFailure("The meta-schema that is built in does not compile.")
    }
    return schema
  }()

  /// The text of a meta-schema or of one of its vocabularies.
  static func text(at uri: String) -> JSONText? {
    guard uri.hasPrefix(folder) else { return nil }
    let name = String(uri.dropFirst(folder.count))
    return (coreTexts[name] ?? validationTexts[name]).flatMap { try? JSONText(parsing: $0) }
  }
}
