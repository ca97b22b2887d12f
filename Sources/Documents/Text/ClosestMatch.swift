/// The candidate that a mistyped word most likely means, or nil when none is near enough.
///
/// Near enough is one edit for each three characters of the word, and at least one. An edit inserts, removes or
/// replaces a character, or swaps two neighbours; letter case does not count. Of equally near candidates the first wins.
///
///     closestMatch(to: "temprature", in: ["model", "temperature"])  // "temperature"
package func closestMatch(to word: String, in candidates: some Sequence<String>) -> String? {
  let wanted = Array(word.lowercased().unicodeScalars)
  var best: (candidate: String, edits: Int)?
  for candidate in candidates {
    let limit = min(max(1, wanted.count / 3), (best?.edits ?? .max) - 1)
    guard limit >= 0 else { break }
    let edits = editDistance(wanted, Array(candidate.lowercased().unicodeScalars), limit: limit)
    if let edits { best = (candidate, edits) }
  }
  return best?.candidate
}

/// The edits that lead from one text to the other, or nil when they are more than the limit.
private func editDistance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar], limit: Int) -> Int? {
  guard abs(left.count - right.count) <= limit else { return nil }
  var beforeLast = [Int](repeating: 0, count: right.count + 1)
  var last = Array(0...right.count)
  for row in left.indices {
    var current = [row + 1]
    for column in right.indices {
      let replaced = last[column] + (left[row] == right[column] ? 0 : 1)
      var edits = min(replaced, last[column + 1] + 1, current[column] + 1)
      if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
        edits = min(edits, beforeLast[column - 1] + 1)
      }
      current.append(edits)
    }
    (beforeLast, last) = (last, current)
  }
  let edits = last[right.count]
  return edits <= limit ? edits : nil
}
