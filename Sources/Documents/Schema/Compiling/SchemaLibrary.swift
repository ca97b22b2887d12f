/// The texts of one compilation, and all that can be referred to in them. A text is read when it is first referred to.
struct SchemaLibrary {
  private(set) var resources: [SchemaResource] = []
  private var textURIs: [String] = []
  private var resourceOfURI: [String: Int] = [:]
  private var places: [SchemaPlace.Key: SchemaPlace] = [:]
  private var dialects: Dialects

  init(resources: any SchemaResources, metaSchemas: [String] = []) {
    dialects = Dialects(resources: resources, chain: metaSchemas)
  }

  /// Reads a text; `isTrusted` spares it the check against its meta-schema.
  mutating func add(
    _ text: JSONText, at uri: URIReference, isTrusted: Bool = false
  ) throws(SchemaError) -> SchemaPlace {
    let root = SchemaPlace(node: text.root, text: textURIs.count, resource: resources.count, pointer: .root)
    textURIs.append(uri.description)
    guard textURIs.count <= SchemaLimits.texts else {
      throw error("the schema refers to more than \(SchemaLimits.texts) texts", at: root)
    }
    let vocabularies: Vocabularies
    do {
      vocabularies = try dialects.vocabularies(of: text.root, inherited: .standard)
      if !isTrusted { try dialects.check(text.root) }
    } catch {
      var error = error
      error.resource = root.text == 0 ? "" : uri.description
      throw error
    }
    resourceOfURI[uri.description] = resources.count
    resources.append(SchemaResource(uri: uri, root: root, vocabularies: vocabularies))
    if let id = text.root["$id"]?.string {
      resources[root.resource].uri = URIReference(id).resolved(against: uri).withoutFragment
      resourceOfURI[resources[root.resource].uri.description] = root.resource
    }
    try scan(root)
    return root
  }

  // MARK: References

  /// What a reference leads to from a place.
  mutating func resolve(_ keyword: String, at place: SchemaPlace) throws(SchemaError) -> SchemaPlace {
    let reference = place.node[keyword]?.string ?? ""
    let uri = URIReference(reference).resolved(against: resources[place.resource].uri)
    guard let resource = try resource(at: uri.withoutFragment) else {
      throw error("there is no schema at \(uri.withoutFragment)", at: place, keyword)
    }
    let fragment = URIReference.decoded(uri.fragment ?? "")
    if fragment.isEmpty { return resources[resource].root }
    if fragment.hasPrefix("/") {
      if let target = try target(of: fragment, in: resources[resource].root) { return target }
    } else if let target = resources[resource].anchors[fragment] {
      return target
    }
    throw error("'\(reference)' leads to nothing", at: place, keyword)
  }

  /// The anchor that makes a `$dynamicRef` dynamic: a name that its target bears as a `$dynamicAnchor`.
  func dynamicAnchor(of reference: String, leadingTo target: SchemaPlace) -> String? {
    guard let fragment = URIReference(reference).fragment.map(URIReference.decoded),
      resources[target.resource].dynamicAnchors[fragment]?.key == target.key
    else { return nil }
    return fragment
  }

  /// The place of a subschema that the scan has found.
  func place(of node: JSONNode, under parent: SchemaPlace) -> SchemaPlace? {
    places[SchemaPlace.Key(text: parent.text, offset: node.range.lowerBound)]
  }

  /// Where a place is stated: `#/properties/name`, behind its text's URI when it is not the compiled text.
  func location(of place: SchemaPlace) -> String {
    (place.text == 0 ? "" : textURIs[place.text]) + "#\(place.pointer)"
  }

  private mutating func resource(at uri: URIReference) throws(SchemaError) -> Int? {
    if let known = resourceOfURI[uri.description] { return known }
    if let text = MetaSchema.text(at: uri.description) { return try add(text, at: uri, isTrusted: true).resource }
    guard let text = dialects.resources.text(at: uri.description) else { return nil }
    return try add(text, at: uri).resource
  }

  private mutating func target(of fragment: String, in root: SchemaPlace) throws(SchemaError) -> SchemaPlace? {
    guard let pointer = try? JSONPointer(parsing: fragment), let node = root.node[pointer],
      node.kind == .object || node.kind == .bool
    else { return nil }
    if let known = place(of: node, under: root) { return known }
    let place = root.child(node, pointer.tokens)
    try scan(place)
    return place
  }

  // MARK: Scanning

  /// Finds the subschemas of a place with their URIs and anchors.
  private mutating func scan(_ place: SchemaPlace) throws(SchemaError) {
    var place = place
    if place.key != resources[place.resource].root.key, let id = place.node["$id"]?.string {
      place.resource = try addResource(id, at: place)
    }
    places[place.key] = place
    try scanAnchors(of: place)
    for member in place.node.members {
      switch SchemaKeyword.known[member.key]?.subschemas ?? .none {
      case .none: continue
      case .value: try scan(place.child(member.value, [member.key]))
      case .elements:
        for (index, element) in member.value.elements.enumerated() {
          try scan(place.child(element, [member.key, String(index)]))
        }
      case .members:
        for inner in member.value.members { try scan(place.child(inner.value, [member.key, inner.key])) }
      }
    }
  }

  private mutating func addResource(_ id: String, at place: SchemaPlace) throws(SchemaError) -> Int {
    let outer = resources[place.resource]
    let uri = URIReference(id).resolved(against: outer.uri).withoutFragment
    guard resourceOfURI[uri.description] == nil else {
      throw error("another schema has the URI \(uri) already", at: place, "$id")
    }
    let index = resources.count
    resourceOfURI[uri.description] = index
    var root = place
    root.resource = index
    let vocabularies = try dialects.vocabularies(of: place.node, inherited: outer.vocabularies)
    resources.append(SchemaResource(uri: uri, root: root, vocabularies: vocabularies))
    return index
  }

  private mutating func scanAnchors(of place: SchemaPlace) throws(SchemaError) {
    for keyword in ["$anchor", "$dynamicAnchor"] {
      guard let name = place.node[keyword]?.string else { continue }
      if let other = resources[place.resource].anchors[name], other.key != place.key {
        throw error("another subschema has the anchor '\(name)' already", at: place, keyword)
      }
      resources[place.resource].anchors[name] = place
      if keyword == "$dynamicAnchor" { resources[place.resource].dynamicAnchors[name] = place }
    }
  }

  // MARK: Errors

  func error(_ message: String, at place: SchemaPlace, _ keyword: String? = nil) -> SchemaError {
    let node = keyword.flatMap { place.node[$0] } ?? place.node
    let pointer = keyword.map { place.pointer.appending($0) } ?? place.pointer
    let resource = place.text == 0 ? "" : textURIs[place.text]
    return SchemaError(resource: resource, pointer: pointer, position: node.position, message: message)
  }
}
