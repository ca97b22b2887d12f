/// Turns the subschemas that can be reached into the flat array of a `Schema`.
///
/// A subschema gets its place in the array when something first refers to it, and is compiled later, so that circles of
/// references need no special care and a deep schema no deep stack.
struct SchemaCompiler {
  var library: SchemaLibrary
  let formats: FormatPolicy
  /// Which resources have a subschema with the anchor, by the anchor's place in `dynamicAnchors`.
  private(set) var dynamicTargets: [[Int: Int]] = []

  private var dynamicAnchors: [String] = []
  private var indexes: [SchemaPlace.Key: Int] = [:]
  private var places: [SchemaPlace] = []

  init(library: SchemaLibrary, formats: FormatPolicy) {
    self.library = library
    self.formats = formats
  }

  mutating func compile(_ root: SchemaPlace) throws(SchemaError) -> [SchemaNode] {
    var nodes: [SchemaNode] = []
    _ = index(of: root)
    while nodes.count < places.count {
      while nodes.count < places.count {
        let place = places[nodes.count]
        nodes.append(SchemaNode(place, location: library.location(of: place), rules: try rules(of: place)))
      }
      findDynamicTargets()
    }
    return nodes
  }

  mutating func index(of place: SchemaPlace) -> Int {
    if let known = indexes[place.key] { return known }
    indexes[place.key] = places.count
    places.append(place)
    return places.count - 1
  }

  // MARK: Dynamic references

  mutating func index(ofDynamicAnchor name: String) -> Int {
    if let known = dynamicAnchors.firstIndex(of: name) { return known }
    dynamicAnchors.append(name)
    dynamicTargets.append([:])
    return dynamicAnchors.count - 1
  }

  /// Any resource may be on the way to a dynamic reference, so all subschemas that bear its anchor are compiled.
  private mutating func findDynamicTargets() {
    for (anchor, name) in dynamicAnchors.enumerated() {
      for (resource, candidate) in library.resources.enumerated() {
        guard let target = candidate.dynamicAnchors[name] else { continue }
        dynamicTargets[anchor][resource] = index(of: target)
      }
    }
  }

  // MARK: Rules

  private mutating func rules(of place: SchemaPlace) throws(SchemaError) -> SchemaRules {
    var rules = SchemaRules()
    guard place.node.kind == .object else { return rules }
    let keywords = Keywords(place: place, vocabularies: library.resources[place.resource].vocabularies)
    rules.types = keywords.types()
    rules.allowed = keywords.allowedValues()
    rules.numbers = keywords.numberRules()
    rules.strings = try stringRules(keywords)
    rules.arrays = arrayRules(keywords)
    rules.objects = try objectRules(keywords)
    rules.combined = try combiningRules(keywords)
    return rules
  }
}
