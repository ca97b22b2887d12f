import Documents

extension MergeRules {
  /// Of each kind a store has the newest version that a side brought it to.
  static let ofManifest = MergeRules(.max, forEachIn: MigrationState.member)
}

/// Joins what two sides made of one file of a document, as texts. What is written is the first side's text, changed
/// where it must be.
struct DocumentMerge {
  /// Nil where it goes.
  let text: JSONText?
  /// Where both sides changed the same differently.
  let collisions: [JSONMerge.Collision]

  /// Nil stands for nothing there.
  init(base: JSONText?, first: JSONText?, second: JSONText?, rules: MergeRules) {
    let merge = JSONMerge(
      base: base?.root.value, first: first?.root.value, second: second?.root.value, rules: rules)
    text = merge.value.flatMap { (first ?? second)?.changing(to: $0) }
    collisions = merge.collisions
  }

  /// By the rules of a kind. What breaks the schema when it is joined is one thing.
  init(base: JSONText?, first: JSONText?, second: JSONText?, of kind: Kind) {
    let joined = DocumentMerge(base: base, first: first, second: second, rules: kind.mergeRules)
    let isSound = first == nil || second == nil || joined.text.map { Self.isSound($0, kind) } ?? true
    self = isSound ? joined : DocumentMerge(base: base, first: first, second: second, rules: .whole)
  }

  /// A segment of a series by itself; nil when one of the three is no list.
  init?(segment base: JSONText?, first: JSONText, second: JSONText) {
    let before = base == nil ? [] : base?.root.value.array
    guard let before, let left = first.root.value.array, let right = second.root.value.array else { return nil }
    let merge = SeriesMerge(base: before, first: left, second: right)
    text = first.changing(to: .array(merge.items))
    collisions = merge.collisions
  }

  private static func isSound(_ text: JSONText, _ kind: Kind) -> Bool {
    text.bytes.count <= Limits.documentBytes && kind.schema.validate(text.root, maximumViolations: 1).isEmpty
  }

  /// The joined text with what this side has wherever both collide.
  func text(of side: JSONMerge.Side) -> JSONText? {
    guard let text else { return nil }
    var value = text.root.value
    // From the end: what is taken out moves what stands behind it.
    for collision in collisions.reversed() where collision.keptSide != side {
      value.edit(at: collision.pointer) { $0 = collision.lost }
    }
    return text.changing(to: value)
  }
}
