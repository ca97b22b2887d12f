/// Follows the members of a value back through older versions of it, one after the other, and tells of each at which step
/// it became what it is.
///
/// ```swift
/// var trace = JSONTrace(of: newest.root)
/// let setByNewest = trace.step(from: newest.root, to: older.root)  // members that the older one did not have so
/// ```
///
/// A member is a scalar or an empty object or array: what has no members of its own. In arrays, elements are matched as
/// `JSONDiff` does, so that a member is followed when elements before it come and go.
public struct JSONTrace: Sendable {
  /// A member of the value that the trace began with.
  public struct Member: Sendable {
    /// Where it is in that value.
    public let pointer: JSONPointer
    public let value: JSONValue
    /// Where it is in the version that the trace has come to.
    var tokens: [String]
  }

  /// The members that every version so far had as they are.
  public private(set) var open: [Member] = []

  /// All members of a value, or those at and below a pointer.
  public init(of root: JSONNode, below pointer: JSONPointer = .root) {
    guard let node = root[pointer] else { return }
    collect(node, pointer.tokens)
  }

  private mutating func collect(_ node: JSONNode, _ tokens: [String]) {
    if node.kind == .object, node.count > 0 {
      for member in node.members { collect(member.value, tokens + [member.key]) }
    } else if node.kind == .array, node.count > 0 {
      for (place, element) in node.elements.enumerated() { collect(element, tokens + [String(place)]) }
    } else {
      open.append(Member(pointer: JSONPointer(tokens), value: node.value, tokens: tokens))
    }
  }

  /// Goes from one version to the one before it, nil for none; returns the members that it did not have, or not with this
  /// value. They are open no more.
  public mutating func step(from newer: JSONNode, to older: JSONNode?) -> [Member] {
    var step = Step(members: open)
    step.follow(Array(open.indices), 0, newer, older)
    let settled = Set(step.settled)
    defer { open = step.members.indices.filter { !settled.contains($0) }.map { step.members[$0] } }
    return step.settled.sorted().map { step.members[$0] }
  }

  /// One step of a trace; members go by their places in the list.
  private struct Step {
    var members: [Member]
    var settled: [Int] = []

    /// Follows members that lie in one node, which is so many steps below the root.
    mutating func follow(_ places: [Int], _ depth: Int, _ newer: JSONNode, _ older: JSONNode?) {
      guard let older else { return settled += places }
      if newer.hasSameBytes(as: older) { return }
      if let place = places.first, members[place].tokens.count == depth {
        if !newer.isEqual(to: older) { settled.append(place) }
        return
      }
      guard newer.kind == older.kind else { return settled += places }
      let groups = Dictionary(grouping: places) { members[$0].tokens[depth] }
      if newer.kind == .object {
        for (key, group) in groups { descend(group, depth, newer[key], older[key]) }
      } else {
        followElements(groups, depth, newer, older)
      }
    }

    private mutating func followElements(
      _ groups: [String: [Int]], _ depth: Int, _ newer: JSONNode, _ older: JSONNode
    ) {
      let origins = Self.origins(newer, older)
      for (token, group) in groups {
        guard let place = JSONPointer.index(token) else { continue }
        let origin = origins[place]
        if let origin { for member in group { members[member].tokens[depth] = String(origin) } }
        descend(group, depth, newer[place], origin.flatMap { older[$0] })
      }
    }

    private mutating func descend(_ group: [Int], _ depth: Int, _ newer: JSONNode?, _ older: JSONNode?) {
      if let newer { follow(group, depth + 1, newer, older) }
    }

    /// Which element of the older array each one of the newer array was.
    private static func origins(_ newer: JSONNode, _ older: JSONNode) -> [Int: Int] {
      let steps = JSONAlignment.steps(from: older.elements.map(\.value), to: newer.elements.map(\.value))
      var origins: [Int: Int] = [:]
      for step in steps {
        switch step {
        case .keep(let old, let new): origins[new] = old
        case .add(let new, let from): origins[new] = from
        case .remove: break
        }
      }
      return origins
    }
  }
}
