/// A subschema: a value in one of the texts of a compilation, and the resource that it belongs to.
struct SchemaPlace {
  var node: JSONNode
  /// Which text of the library.
  var text: Int
  /// Which resource of the library.
  var resource: Int
  /// From the root of the text.
  var pointer: JSONPointer

  /// What tells subschemas apart: no two values of a text begin at the same byte.
  struct Key: Hashable {
    var text: Int
    var offset: Int
  }

  var key: Key { Key(text: text, offset: node.range.lowerBound) }

  /// The place of a subschema of this one in the same resource.
  func child(_ node: JSONNode, _ tokens: [String]) -> SchemaPlace {
    var copy = self
    copy.node = node
    copy.pointer.tokens += tokens
    return copy
  }
}

/// A schema with a URI of its own: a whole text, or a subschema with `$id`.
struct SchemaResource {
  var uri: URIReference
  var root: SchemaPlace
  var vocabularies: Vocabularies
  /// By `$anchor` and by `$dynamicAnchor`.
  var anchors: [String: SchemaPlace] = [:]
  /// By `$dynamicAnchor` only.
  var dynamicAnchors: [String: SchemaPlace] = [:]
}
