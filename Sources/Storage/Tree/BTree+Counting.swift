extension BTree {
  /// How many keys a range has. Pages are looked at rather than keys, and the keys only where the range begins and ends.
  package func count(in range: KeyRange) -> Int { root.count(in: range) }
}

extension BTreeNode {
  fileprivate func count(in range: KeyRange) -> Int {
    if isLeaf { return max(0, page.end(of: range) - page.start(of: range)) }
    let (first, last) = (firstChild(in: range), lastChild(in: range))
    if first > last { return 0 }
    return (first...last).reduce(0) { sum, child in
      // Children between two others lie within the range.
      sum + children[child].count(in: first < child && child < last ? .all : range)
    }
  }

  private func firstChild(in range: KeyRange) -> Int {
    switch range.lower {
    case .unbounded: 0
    case .including(let bound), .excluding(let bound): childIndex(for: bound.span)
    }
  }

  private func lastChild(in range: KeyRange) -> Int {
    switch range.upper {
    case .unbounded: children.count - 1
    case .including(let bound), .excluding(let bound): childIndex(for: bound.span)
    }
  }
}

extension BTreePage {
  /// The place of the first key that is not below a range.
  fileprivate func start(of range: KeyRange) -> Int {
    switch range.lower {
    case .unbounded: return 0
    case .including(let bound): return find(bound.span).index
    case .excluding(let bound):
      let (index, isFound) = find(bound.span)
      return isFound ? index + 1 : index
    }
  }

  /// The place behind the last key that is not above a range.
  fileprivate func end(of range: KeyRange) -> Int {
    switch range.upper {
    case .unbounded: return count
    case .excluding(let bound): return find(bound.span).index
    case .including(let bound):
      let (index, isFound) = find(bound.span)
      return isFound ? index + 1 : index
    }
  }
}
