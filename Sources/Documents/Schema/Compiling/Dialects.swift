/// What `$schema` says of a schema: which vocabularies it uses, and what its own schema is.
struct Dialects {
  let resources: any SchemaResources
  /// The meta-schemas that are being read, outermost first: one that describes itself is not asked about itself.
  let chain: [String]

  /// The vocabularies of a schema's keywords, by its `$schema` or else those of the schema around it.
  func vocabularies(of schema: JSONNode, inherited: Vocabularies) throws(SchemaError) -> Vocabularies {
    guard let uri = Self.uri(of: schema) else { return inherited }
    guard uri != MetaSchema.uri else { return .standard }
    guard let declared = try metaSchema(uri, of: schema).root["$vocabulary"] else { return .standard }
    var result: Vocabularies = .core
    for member in declared.members {
      if let vocabulary = Vocabularies(uri: member.key) {
        result.formUnion(vocabulary)
      } else if member.value.bool == true {
        throw error("its vocabulary \(member.key) is required and not known here", at: schema)
      }
    }
    return result
  }

  /// Throws the first way in which a schema breaks the rules of its meta-schema.
  func check(_ schema: JSONNode) throws(SchemaError) {
    guard let violation = try rules(of: schema)?.validate(schema, maximumViolations: 1).first else { return }
    throw SchemaError(
      resource: "", pointer: violation.pointer, position: violation.position, message: violation.message)
  }

  private func rules(of schema: JSONNode) throws(SchemaError) -> Schema? {
    guard let uri = Self.uri(of: schema), uri != MetaSchema.uri else { return MetaSchema.standard }
    guard !chain.contains(uri) else { return nil }
    guard chain.count < SchemaLimits.metaSchemas else {
      throw error("it has more than \(SchemaLimits.metaSchemas) meta-schemas above one another", at: schema)
    }
    let text = try metaSchema(uri, of: schema)
    do {
      return try Schema(compiling: text, at: uri, resources: resources, formats: .annotated, chain: chain + [uri])
    } catch {
      var error = error
      if error.resource.isEmpty { error.resource = uri }
      throw error
    }
  }

  private func metaSchema(_ uri: String, of schema: JSONNode) throws(SchemaError) -> JSONText {
    if let text = MetaSchema.text(at: uri) ?? resources.text(at: uri) { return text }
    throw error("there is no meta-schema at \(uri); the usual one is \(MetaSchema.uri)", at: schema)
  }

  private static func uri(of schema: JSONNode) -> String? {
    schema["$schema"]?.string.map { URIReference($0).withoutFragment.description }
  }

  private func error(_ message: String, at schema: JSONNode) -> SchemaError {
    let position = (schema["$schema"] ?? schema).position
    return SchemaError(resource: "", pointer: JSONPointer(["$schema"]), position: position, message: message)
  }
}
