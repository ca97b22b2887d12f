/// Compares values member by member.
public enum JSONDiff {
  /// The differences in document order: of an object first those of the members it had, then what was added.
  ///
  /// Elements of arrays are matched by their `id` where all have one, else by a longest common subsequence.
  public static func between(_ old: JSONValue, _ new: JSONValue) -> [JSONChange] {
    var collector = JSONDiffCollector()
    collector.compare(old, new, at: Place())
    return collector.changes
  }

  /// The differences between two values in texts. What both spell alike is passed over with nothing decoded.
  public static func between(_ old: JSONNode, _ new: JSONNode) -> [JSONChange] {
    var collector = JSONDiffCollector()
    collector.compare(old, new) { Place() }
    return collector.changes
  }

  /// The pointer to a value and its name for people.
  struct Place {
    var pointer = JSONPointer.root
    var path: [String] = []

    func member(_ key: String) -> Place { Place(pointer: pointer.appending(key), path: path + [key]) }

    func element(_ index: Int, _ value: JSONValue, hasIDs: Bool) -> Place {
      let id = hasIDs ? value["id"] : nil
      return Place(
        pointer: pointer.appending(index), path: path + [id?.string ?? id?.number?.text ?? String(index)])
    }
  }
}

private struct JSONDiffCollector {
  var changes: [JSONChange] = []

  /// Goes down through objects whose keys are the same in the same order; what is left is compared by value.
  mutating func compare(_ old: JSONNode, _ new: JSONNode, at place: () -> JSONDiff.Place) {
    if old.hasSameBytes(as: new) { return }
    guard old.hasSameKeysInOrder(as: new) else { return compare(old.value, new.value, at: place()) }
    for (old, new) in zip(old.members, new.members) {
      compare(old.value, new.value) { place().member(old.key) }
    }
  }

  mutating func compare(_ old: JSONValue, _ new: JSONValue, at place: JSONDiff.Place) {
    switch (old, new) {
    case (.object(let old), .object(let new)): compare(old, new, at: place)
    case (.array(let old), .array(let new)): compare(old, new, at: place)
    default: if old != new { add(.changed, old, new, at: place) }
    }
  }

  private mutating func compare(_ old: JSONObject, _ new: JSONObject, at place: JSONDiff.Place) {
    var common = 0
    for (index, member) in old.members.enumerated() {
      if let value = new.value(of: member.key, near: index) {
        common += 1
        compare(member.value, value, at: place.member(member.key))
      } else {
        add(.removed, member.value, nil, at: place.member(member.key))
      }
    }
    guard common < new.count else { return }
    for member in new.members where old[member.key] == nil {
      add(.added, nil, member.value, at: place.member(member.key))
    }
  }

  private mutating func compare(_ old: [JSONValue], _ new: [JSONValue], at place: JSONDiff.Place) {
    let hasIDs = JSONAlignment.ids(of: old) != nil && JSONAlignment.ids(of: new) != nil
    for step in JSONAlignment.steps(from: old, to: new) {
      switch step {
      case .keep(let oldIndex, let newIndex):
        let inner = place.element(newIndex, new[newIndex], hasIDs: hasIDs)
        compare(old[oldIndex], new[newIndex], at: inner)
      case .remove(let index, nil):
        add(.removed, old[index], nil, at: place.element(index, old[index], hasIDs: hasIDs))
      case .remove:
        break  // Told where it moved to.
      case .add(let index, nil):
        add(.added, nil, new[index], at: place.element(index, new[index], hasIDs: hasIDs))
      case .add(let index, let from?):
        let inner = place.element(index, new[index], hasIDs: hasIDs)
        add(.moved, old[from], new[index], at: inner)
        compare(old[from], new[index], at: inner)
      }
    }
  }

  private mutating func add(_ kind: JSONChange.Kind, _ old: JSONValue?, _ new: JSONValue?, at place: JSONDiff.Place) {
    changes.append(JSONChange(pointer: place.pointer, kind: kind, old: old, new: new, path: place.path))
  }
}

extension JSONNode {
  /// Whether both are objects and spell the same keys in the same order.
  fileprivate func hasSameKeysInOrder(as other: JSONNode) -> Bool {
    guard kind == .object, other.kind == .object, count == other.count else { return false }
    return zip(members, other.members).allSatisfy { mine, theirs in
      JSONNode(storage: storage, index: mine.keyIndex)
        .hasSameBytes(as: JSONNode(storage: other.storage, index: theirs.keyIndex))
    }
  }
}
