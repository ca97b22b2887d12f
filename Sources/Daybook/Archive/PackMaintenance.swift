import Git
import Logging
import Storage
import Synchronization

/// Who may take packs away, and how: the archive merges small ones on its way, so that there are never many; the
/// condenser makes tight ones when there is time. A pack is in the hands of one of them at most.
final class PackMaintenance: Sendable {
  let folder: PackFolder
  private let logger: Logger
  private let onStep: @Sendable (WriteStep) -> Void
  private let state: Mutex<State>

  private struct State {
    var condensed: CondensedPacks
    /// What the condenser works on.
    var claimed: Set<String> = []
    /// What cannot be read, as it is damaged or another program made it, and what is wrong.
    var unreadable: [String: GitError] = [:]
    /// What cannot be copied as it stands.
    var uncopyable: Set<String> = []
  }

  init(
    root: String, fileSystem: any FileSystem, logger: Logger, onStep: @escaping @Sendable (WriteStep) -> Void
  ) {
    self.logger = logger
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
      let free = small.filter {
        !state.claimed.contains($0.name) && !state.uncopyable.contains($0.name) && state.unreadable[$0.name] == nil
      }
      guard free.count > Limits.packs else { return false }
      let taken = free.prefix(Self.mergedCount(free.map(\.bytes))).map(\.name)
      var sources: [(name: String, source: PackSource)] = []
      let reading = try read(taken)
      setAside(reading.unreadable, &state)
      for (name, source) in reading.sources {
        if source.isCopyable { sources.append((name, source)) } else { state.uncopyable.insert(name) }
      }
      guard sources.count > 1 else { return false }
      let merged: ComposedPack
      do {
        merged = try PackMerge.merged(sources.map(\.source))
      } catch {
        setAside(Self.damaged(sources), &state)
        throw error
      }
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
  ///
  /// - Parameter most: How many bytes of packs.
  func claim(_ occasion: CondensingPlan.Occasion, most: Int) throws(FileError) -> CondensingPlan? {
    try state.withLock { state throws(FileError) in
      let condensed = state.condensed.names
      let readable = try folder.packs().filter { state.unreadable[$0.name] == nil }
      let plan = CondensingPlan.plan(readable, isCondensed: condensed.contains, occasion: occasion, most: most)
      state.claimed = Set(plan?.names ?? [])
      return plan
    }
  }

  func giveBack() {
    state.withLock { $0.claimed = [] }
  }

  /// Reads what was claimed; nil when there is something in it that cannot be read. That is left alone from now on.
  func sources(_ plan: CondensingPlan) throws(FileError) -> [PackSource]? {
    let reading = try read(plan.names)
    state.withLock { setAside(reading.unreadable, &$0) }
    return reading.unreadable.isEmpty ? reading.sources.map(\.source) : nil
  }

  private struct Reading {
    var sources: [(name: String, source: PackSource)] = []
    var unreadable: [String: GitError] = [:]
  }

  private func read(_ names: [String]) throws(FileError) -> Reading {
    var reading = Reading()
    for name in names {
      do {
        let source = try folder.source(name)
        guard source.isReadable else {
          throw GitError(.failed, "read a pack", "it is in a form that is not known here")
        }
        reading.sources.append((name, source))
      } catch let error as FileError {
        throw error
      } catch {
        reading.unreadable[name] = error as? GitError ?? GitError(.failed, "read a pack", "\(error)")
      }
    }
    return reading
  }

  // MARK: Damage

  /// Finds out which of these packs are damaged, by reading all that they hold, and leaves those alone from now on. Answers
  /// whether there are any.
  func setAsideDamaged(_ plan: CondensingPlan, _ sources: [PackSource]) -> Bool {
    let damaged = Self.damaged(zip(plan.names, sources).map { ($0, $1) })
    state.withLock { setAside(damaged, &$0) }
    return !damaged.isEmpty
  }

  private static func damaged(_ sources: [(name: String, source: PackSource)]) -> [String: GitError] {
    var damaged: [String: GitError] = [:]
    for (name, source) in sources {
      do throws(GitError) { try PackProof.check(source) } catch { damaged[name] = error }
    }
    return damaged
  }

  private func setAside(_ unreadable: [String: GitError], _ state: inout State) {
    for (name, error) in unreadable.sorted(by: { $0.key < $1.key }) {
      state.unreadable[name] = error
      let problem = Self.problem(name, error).error
      logger.warning("\(problem.message) It is left as it is.", metadata: ["hint": "\(problem.hint ?? "")"])
    }
  }

  /// Looks at packs that were set aside again: somebody may have mended them.
  func forgetUnreadable() {
    state.withLock { $0.unreadable = [:] }
  }

  /// The packs that were set aside, as errors that say what to do.
  var problems: [FileProblem] {
    state.withLock { state in
      state.unreadable.sorted { $0.key < $1.key }.map { name, error in Self.problem(name, error) }
    }
  }

  private static func problem(_ name: String, _ error: GitError) -> FileProblem {
    let path = StoreLayout.packPath(name)
    return FileProblem(
      path: path,
      error: StoreError(
        .damaged, "\(path) cannot be read: \(error.message).",
        hint:
          "If only its index is wrong, `git index-pack \(path)` makes another. Else bring pack and index back from a "
          + "backup or another clone, and run `daybook check`.", document: path, cause: error))
  }

  /// Why each of these packs is not condensed; one that is, or is gone, is not among them.
  func left(of before: [PackFolder.Pack], _ budget: CondensingBudget) throws(FileError) -> [PackLeft] {
    let names = Set(before.map(\.name))
    return try state.withLock { state throws(FileError) in
      try folder.packs().filter { names.contains($0.name) && !state.condensed.names.contains($0.name) }.map {
        pack -> PackLeft in
        if let error = state.unreadable[pack.name] { return PackLeft(pack, .unreadable(error.message)) }
        if pack.isKept { return PackLeft(pack, .kept) }
        let memory = pack.bytes * Limits.condensingMemoryFactor
        return PackLeft(pack, memory > budget.memoryBytes ? .memory(memory) : .time)
      }
    }
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
