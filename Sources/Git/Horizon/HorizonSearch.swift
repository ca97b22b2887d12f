/// Finds where a history can be cut so that it hangs together: a commit that all later ones come from.
///
/// ```
/// o──o──o──●──o──o        ● can be one: every way from later commits to earlier ones leads through it
///  \──o──/  \──o──/
/// ```
///
/// So two tips that both come after it have all commits from which they both come, back to it: a merge finds the same base
/// with the history cut there as with all of it.
package struct HorizonSearch {
  /// A commit of a history in which each stands behind its parents.
  package struct Entry {
    package var id: ObjectID
    package var parents: [ObjectID]
    package var seconds: Int64
    /// Whether the history may begin with it.
    package var isCandidate: Bool

    package init(id: ObjectID, parents: [ObjectID], seconds: Int64, isCandidate: Bool = true) {
      (self.id, self.parents, self.seconds, self.isCandidate) = (id, parents, seconds, isCandidate)
    }
  }

  /// The place of the newest such commit that is, as all before it are, no newer than `seconds`, and is or comes before each
  /// of the tips; nil when there is none with anything behind it.
  ///
  /// - Parameter tips: Commits of the history; nothing that is not one, or before one, is in it.
  package static func newest(in history: [Entry], upTo seconds: Int64, tips: Set<ObjectID>) -> Int? {
    let places = Dictionary(uniqueKeysWithValues: history.enumerated().map { ($0.element.id, $0.offset) })
    // Clocks err: a commit that says it is old may stand behind newer ones.
    let newest = history.indices.first { history[$0].seconds > seconds } ?? history.endIndex
    // How far back those lead that stand behind.
    var reach = tips.compactMap { places[$0] }.min() ?? 0
    for (place, entry) in history.enumerated().reversed() {
      if place <= reach, place < newest, entry.isCandidate, !entry.parents.isEmpty { return place }
      // A second beginning can be behind none of the others.
      reach = min(reach, entry.parents.map { places[$0] ?? -1 }.min() ?? -1)
      if reach < 0 { return nil }
    }
    return nil
  }
}
