/// A JSON Schema of draft 2020-12, compiled once for validating many documents.
///
/// Compiling checks the schema against its meta-schema, finds what its references lead to and lays all subschemas that
/// can be reached out in one array. A compiled schema never changes and can be used by many threads.
///
/// ```swift
/// let schema = try Schema(compiling: JSONText(parsing: #"{"properties": {"age": {"minimum": 0}}}"#))
/// schema.validate(document.root).first?.message  // "age must be at least 0, found -1"
/// ```
package struct Schema: Sendable {
  /// All subschemas; the first is the schema itself.
  let nodes: [SchemaNode]
  /// For each name that is used by a `$dynamicRef`: the subschemas that bear it, by their resources.
  let dynamicTargets: [[Int: Int]]

  /// Compiles a schema.
  ///
  /// - Parameters:
  ///   - baseURI: what relative references are relative to when the schema has no `$id`.
  ///   - resources: other schemas that this one refers to.
  ///   - formats: whether `format` can make a document invalid.
  /// - Throws: the first fault: a schema that breaks the rules of its meta-schema, a reference that leads to
  ///   nothing, a pattern that is not valid.
  package init(
    compiling text: JSONText, baseURI: String? = nil, resources: any SchemaResources = NoSchemaResources(),
    formats: FormatPolicy = .asserted
  ) throws(SchemaError) {
    try self.init(compiling: text, at: baseURI ?? "", resources: resources, formats: formats, chain: [])
  }

  /// Compiles a schema while the meta-schemas in the chain are being compiled for it.
  init(
    compiling text: JSONText, at uri: String, resources: any SchemaResources, formats: FormatPolicy, chain: [String]
  ) throws(SchemaError) {
    var library = SchemaLibrary(resources: resources, metaSchemas: chain)
    let root = try library.add(text, at: URIReference(uri))
    try self.init(root, library, formats)
  }

  /// Compiles a meta-schema that is built in, and needs no other schema to be checked against.
  init(trusting text: JSONText, at uri: String) throws(SchemaError) {
    var library = SchemaLibrary(resources: NoSchemaResources())
    let root = try library.add(text, at: URIReference(uri), isTrusted: true)
    try self.init(root, library, .annotated)
  }

  private init(_ root: SchemaPlace, _ library: SchemaLibrary, _ formats: FormatPolicy) throws(SchemaError) {
    var compiler = SchemaCompiler(library: library, formats: formats)
    nodes = try compiler.compile(root)
    dynamicTargets = compiler.dynamicTargets
  }

  /// Lists the rules that a value breaks, in the order of the text; empty for a valid one.
  ///
  /// - Parameter name: what messages call the value itself.
  package func validate(
    _ value: JSONNode, maximumViolations: Int = 20, called name: String = "the document"
  ) -> [SchemaViolation] {
    var validator = SchemaValidator(self, of: value, maximumViolations: maximumViolations)
    validator.rootName = name
    return validator.run()
  }
}
