import Git
import Storage

/// Keeps the number of packs small by merging the smallest ones: their contents are copied as they stand, so the work is
/// bounded by a few packs' size, and nothing ever stops for it.
struct PackMaintenance {
  let folder: PackFolder
  let onStep: @Sendable (WriteStep) -> Void

  /// Answers whether packs were merged. Packs of people's (`.keep`), large ones and those that cannot be copied stay.
  func mergeIfNeeded() throws -> Bool {
    let packs = try folder.packs()
    guard packs.count > Limits.packs else { return false }
    let candidates = packs.filter { !$0.isKept && $0.bytes <= Limits.mergedPackBytes }
      .sorted { $0.bytes < $1.bytes }
    var sources: [(name: String, source: PackSource)] = []
    var bytes = 0
    for pack in candidates where sources.count < Limits.mergedPacks && bytes + pack.bytes <= Limits.mergedPackBytes {
      let files = try folder.read(pack.name)
      let source = try PackSource(pack: files.pack, index: files.index)
      guard source.isCopyable else { continue }
      sources.append((pack.name, source))
      bytes += pack.bytes
    }
    guard sources.count > 1 else { return false }
    let merged = try PackMerge.merged(sources.map(\.source))
    try folder.write(merged)
    guard try folder.holds(merged) else {
      throw GitError(.damaged, "read back a pack", "the disk gave back something else")
    }
    onStep(.packsMerged)
    try folder.release(merged.name)
    for (name, _) in sources where name != merged.name { try folder.remove(name) }
    return true
  }
}
