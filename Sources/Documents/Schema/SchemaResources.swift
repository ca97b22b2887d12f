/// Answers the schemas that a schema refers to. Compiling reads nothing by itself.
package protocol SchemaResources: Sendable {
  /// The text at an absolute URI without a fragment, or nil when there is none.
  func text(at uri: String) -> JSONText?
}

/// No schemas besides the one that is compiled and the meta-schemas, which are built in.
package struct NoSchemaResources: SchemaResources {
  package init() {}

  package func text(at uri: String) -> JSONText? { nil }
}

/// Texts by their URIs.
package struct SchemaTexts: SchemaResources {
  private let texts: [String: JSONText]

  package init(_ texts: [String: JSONText]) {
    self.texts = texts
  }

  package func text(at uri: String) -> JSONText? { texts[uri] }
}
