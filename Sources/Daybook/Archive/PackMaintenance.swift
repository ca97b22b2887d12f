import Git
import Storage
import Synchronization

/// Who may take packs away, and how: the archive merges small ones on its way, so that there are never many; the
/// condenser makes tight ones when there is time. A pack is in the hands of one of them at most.
final class PackMaintenance: Sendable {
  let folder: PackFolder
  private let onStep: @Sendable (WriteStep) -> Void
  private let state: Mutex<State>

  private struct State {
    var condensed: CondensedPacks
    /// What the condenser works on.
    var claimed: Set<String> = []
    /// What other programs made and we cannot read, or not copy as it stands.
    var unreadable: Set<String> = []
    var uncopyable: Set<String> = []
  }

  init(root: String, fileSystem: any FileSystem, onStep: @escaping @Sendable (WriteStep) -> Void) {
    folder = PackFolder(fileSystem: fileSystem, path: "\(root)/\(StoreLayout.packs)")
    self.onStep = onStep
    state = Mutex(
      State(condensed: CondensedPacks(fileSystem: fileSystem, path: "\(root)/\(StoreLayout.condensedPacks)")))
  }

  // MARK: Merging

  /// How many of the smallest packs are merged into one, given the sizes of all, smallest first.
  ///
  /// The smallest two, and each further one while it is no more than twice as large as those before it together. So nearly
  /// each time that a byte is copied its pack has grown by a half at least, and bytes are copied a logarithm of times, not
  /// at each archiving.
  static func mergedCount(_ sizes: [Int]) -> Int {
    var sum = sizes.prefix(2).reduce(0, +)
    var count = min(2, sizes.count)
    while count < min(sizes.count, Limits.mergedPacks), sizes[count] <= 2 * sum {
      sum += sizes[count]
      count += 1
    }
    return count
  }

  /// Merges the smallest packs if there are too many, by copying their contents as they stand: the work is bounded by a
  /// few packs' size. Answers whether it did.
  ///
  /// - Parameter refresh: Makes this process's readers see the new pack, before the others go.
  func mergeIfNeeded(refresh: () throws -> Void) throws -> Bool {
    try state.withLock { state in
      let small = try folder.packs()
        .filter { !$0.isKept && $0.bytes <= Limits.smallPackBytes && !state.condensed.names.contains($0.name) }
        .sorted { $0.bytes < $1.bytes }
      let free = small.filter { !state.claimed.contains($0.name) && !state.uncopyable.contains($0.name) }
      guard free.count > Limits.packs else { return false }
      var sources: [(name: String, source: PackSource)] = []
      for pack in free.prefix(Self.mergedCount(free.map(\.bytes))) {
        let source = try folder.source(pack.name)
        if source.isCopyable { sources.append((pack.name, source)) } else { state.uncopyable.insert(pack.name) }
      }
      guard sources.count > 1 else { return false }
      let merged = try PackMerge.merged(sources.map(\.source))
      try folder.put(merged)
      onStep(.packsMerged)
      try refresh()
      try folder.release(merged.name)
      for (name, _) in sources where name != merged.name { try folder.remove(name) }
      return true
    }
  }

  // MARK: Condensing

  /// The packs that are to be condensed now, if any; nobody else touches them until `giveBack`.
  func claim(_ occasion: CondensingPlan.Occasion) throws(FileError) -> CondensingPlan? {
    try state.withLock { state throws(FileError) in
      let condensed = state.condensed.names
      let readable = try folder.packs().filter { !state.unreadable.contains($0.name) }
      let plan = CondensingPlan.plan(readable, isCondensed: condensed.contains, occasion: occasion)
      state.claimed = Set(plan?.names ?? [])
      return plan
    }
  }

  func giveBack() {
    state.withLock { $0.claimed = [] }
  }

  /// Reads what was claimed; nil when there is something in it that cannot be read. That is left alone from now on.
  func sources(_ plan: CondensingPlan) throws(FileError) -> [PackSource]? {
    var sources: [PackSource] = []
    var unreadable: Set<String> = []
    for name in plan.names {
      do {
        let source = try folder.source(name)
        if source.isReadable { sources.append(source) } else { unreadable.insert(name) }
      } catch let error as FileError {
        throw error
      } catch {
        unreadable.insert(name)
      }
    }
    state.withLock { $0.unreadable.formUnion(unreadable) }
    return unreadable.isEmpty ? sources : nil
  }

  /// Puts the condensed pack in the place of those it was made of. A crash or failure in between leaves objects twice.
  ///
  /// - Parameter refresh: Makes this process's readers see the new pack, before the others go.
  func replace(_ plan: CondensingPlan, by pack: ComposedPack, refresh: () throws -> Void) throws {
    try folder.put(pack)
    onStep(.packsCondensed)
    try refresh()
    try state.withLock { state throws(FileError) in
      try state.condensed.add(pack.name, present: Set(folder.packs().map(\.name)))
    }
    try folder.release(pack.name)
    for name in plan.names where name != pack.name {
      try folder.remove(name)
      onStep(.condensedPackRemoved)
    }
  }
}
