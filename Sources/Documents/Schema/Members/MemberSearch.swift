/// Walks all ways from a schema to the members with a keyword.
struct MemberSearch {
  private(set) var found: [SchemaMemberPath] = []
  /// False when a way went round in a circle, or the ways were too many.
  private(set) var isComplete = true

  private let schema: Schema
  private let keyword: String
  /// The subschemas that the keyword lies at or behind; there is no need to look at others.
  private let leading: Set<Int>
  /// The subschemas on the way here.
  private var way: Set<Int> = []

  init(_ schema: Schema, for keyword: String) {
    self.schema = schema
    self.keyword = keyword
    leading = Self.leading(to: keyword, in: schema)
    visit([0], [])
  }

  /// Each call is for another path, and at or behind each path the keyword is stated, so the calls are bounded too.
  private mutating func visit(_ starts: [Int], _ steps: [SchemaMemberPath.Step]) {
    let starts = withoutCircles(starts.filter(leading.contains))
    guard !starts.isEmpty else { return }
    guard found.count < SchemaLimits.memberPaths, steps.count <= JSONLimits.standard.maximumDepth else {
      isComplete = false
      return
    }
    way.formUnion(starts)
    defer { way.subtract(starts) }
    let schemas = schema.inPlace(of: starts)
    if let stating = schemas.first(where: { schema.nodes[$0].states(keyword) }),
      let value = schema.nodes[stating].source[keyword]?.value
    {
      found.append(SchemaMemberPath(steps: steps, value: value))
    }
    for (step, targets) in children(of: schemas) { visit(targets, steps + [step]) }
  }

  /// Subschemas that apply to the same members are visited together.
  private func children(of schemas: [Int]) -> [(step: SchemaMemberPath.Step, targets: [Int])] {
    var result: [(step: SchemaMemberPath.Step, targets: [Int])] = []
    var placeOfStep: [String: Int] = [:]
    for edge in schemas.flatMap({ schema.childEdges(of: $0) }) {
      let text = edge.step.identity
      if let place = placeOfStep[text] {
        result[place].targets.append(edge.schema)
      } else {
        placeOfStep[text] = result.count
        result.append((edge.step, [edge.schema]))
      }
    }
    return result
  }

  private mutating func withoutCircles(_ starts: [Int]) -> [Int] {
    let others = starts.filter { way.isDisjoint(with: schema.inPlace(of: [$0])) }
    if others.count < starts.count { isComplete = false }
    return others
  }

  /// Follows all edges backwards from where the keyword is stated.
  private static func leading(to keyword: String, in schema: Schema) -> Set<Int> {
    var sources: [[Int]] = Array(repeating: [], count: schema.nodes.count)
    for index in schema.nodes.indices {
      for target in schema.inPlaceEdges(of: index) + schema.childEdges(of: index).map(\.schema) {
        sources[target].append(index)
      }
    }
    var result: Set<Int> = []
    var open = schema.nodes.indices.filter { schema.nodes[$0].states(keyword) }
    while let index = open.popLast() {
      if result.insert(index).inserted { open += sources[index] }
    }
    return result
  }
}
