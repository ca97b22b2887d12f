extension JSONAlignment {
  /// Keeps a longest common subsequence of the two ranges. What differs between kept elements is paired by position.
  static func stepsOfMiddle(
    _ old: [JSONValue], _ oldRange: Range<Int>, _ new: [JSONValue], _ newRange: Range<Int>
  ) -> [Step] {
    var steps: [Step] = []
    var (oldNext, newNext) = (oldRange.lowerBound, newRange.lowerBound)
    for (oldPlace, newPlace) in commonSubsequence(old[oldRange], new[newRange]) {
      steps += pairs(oldNext..<oldPlace, newNext..<newPlace)
      steps.append(.keep(old: oldPlace, new: newPlace))
      (oldNext, newNext) = (oldPlace + 1, newPlace + 1)
    }
    return steps + pairs(oldNext..<oldRange.upperBound, newNext..<newRange.upperBound)
  }

  private static func pairs(_ old: Range<Int>, _ new: Range<Int>) -> [Step] {
    zip(old, new).map { .keep(old: $0, new: $1) }
      + old.dropFirst(new.count).map { .remove(old: $0, to: nil) }
      + new.dropFirst(old.count).map { .add(new: $0, from: nil) }
  }

  /// Places of equal elements, in the order of both lists, as many as there can be. If the table for finding them would
  /// be too large, only those at the two ends that are alike.
  static func common(
    _ old: ArraySlice<JSONValue>, _ new: ArraySlice<JSONValue>
  ) -> [(old: Int, new: Int)] {
    let ends = commonEnds(old, new)
    let (oldEnd, newEnd) = (old.endIndex - ends.suffix, new.endIndex - ends.suffix)
    return (0..<ends.prefix).map { (old.startIndex + $0, new.startIndex + $0) }
      + commonSubsequence(old[..<oldEnd].dropFirst(ends.prefix), new[..<newEnd].dropFirst(ends.prefix))
      + (0..<ends.suffix).map { (oldEnd + $0, newEnd + $0) }
  }

  /// Places of equal elements; none if the table for finding them would be too large.
  private static func commonSubsequence(
    _ old: ArraySlice<JSONValue>, _ new: ArraySlice<JSONValue>
  ) -> [(old: Int, new: Int)] {
    guard !old.isEmpty, !new.isEmpty, (old.count + 1) * (new.count + 1) <= largestTable else { return [] }
    let (oldNames, newNames) = names(old, new)
    let width = newNames.count + 1
    // lengths[row * width + column]: of the best subsequence of what follows that row and that column.
    var lengths = [Int32](repeating: 0, count: (oldNames.count + 1) * width)
    for row in oldNames.indices.reversed() {
      for column in newNames.indices.reversed() {
        let cell = row * width + column
        lengths[cell] =
          oldNames[row] == newNames[column]
          ? lengths[cell + width + 1] + 1 : max(lengths[cell + width], lengths[cell + 1])
      }
    }
    var common: [(old: Int, new: Int)] = []
    var (row, column) = (0, 0)
    while row < oldNames.count, column < newNames.count {
      let cell = row * width + column
      if oldNames[row] == newNames[column] {
        common.append((old.startIndex + row, new.startIndex + column))
        (row, column) = (row + 1, column + 1)
      } else if lengths[cell + width] >= lengths[cell + 1] {
        row += 1
      } else {
        column += 1
      }
    }
    return common
  }

  /// A number for each element, equal for equal elements, so that each value is looked at once only.
  private static func names(_ old: ArraySlice<JSONValue>, _ new: ArraySlice<JSONValue>) -> ([Int], [Int]) {
    var known: [JSONValue: Int] = [:]
    func name(_ value: JSONValue) -> Int {
      if let name = known[value] { return name }
      known[value] = known.count
      return known.count - 1
    }
    return (old.map(name), new.map(name))
  }
}
