import Documents
import Git
import Storage

/// Counts what a store holds: from the index, which knows every document and its versions, and from the indexes of the packs,
/// which know what each takes there. Of the contents only the sizes of the newest are looked up.
struct StatisticsRun {
  let parts: StoreParts

  func run() throws(StoreError) -> StoreStatistics {
    do {
      return try count(parts.published.current)
    } catch let error as StoreError {
      throw error
    } catch {
      throw StoreError(
        .damaged, "The store could not be counted.", hint: "Run `daybook check` and `git fsck`.", cause: error)
    }
  }

  private func count(_ state: PublishedState.State) throws -> StoreStatistics {
    var usage = try PackUsage(PackFolder(fileSystem: parts.fileSystem, path: "\(parts.root)/\(StoreLayout.packs)"))
    var largest = LargestDocuments()
    let collections = try state.index.kinds.all.map { try collection($0, state.index, &usage, &largest) }
    var commitBytes = 0
    state.index.forEachCommit { commitBytes += usage.take($0) }
    let growth = StoreGrowth(index: state.index, objects: parts.objects)
    var indexBytes = 0
    state.index.tree.forEachPage { indexBytes += $0.count }
    return StoreStatistics(
      sequence: state.sequence, commits: state.index.commitCount, firstCommit: try growth.time(.first),
      newestCommit: try growth.time(.newest),
      days: growth.days(Limits.listedDays, until: parts.clock.milliseconds()),
      collections: collections, largest: largest.documents, packs: usage.count, packBytes: usage.bytes,
      packIndexBytes: usage.indexBytes, packedObjects: usage.objects, commitBytes: commitBytes,
      logBytes: parts.log.byteCount, unarchivedCommits: parts.queue.unarchivedCount,
      indexEntries: state.index.tree.count, indexBytes: indexBytes)
  }

  private func collection(
    _ kind: Kind, _ index: Index, _ usage: inout PackUsage, _ largest: inout LargestDocuments
  ) throws -> StoreStatistics.Collection {
    var counted = StoreStatistics.Collection(name: kind.collection.text)
    try index.forEachDocument(ofCollection: counted.name) { id, revision in
      var bytes = try size(of: revision)
      counted.packedBytes += usage.take(revision)
      for series in kind.series {
        for segment in index.segments(of: Index.name(collection: counted.name, id: id), series: series.name) {
          bytes += try size(of: segment.revision)
          counted.packedBytes += usage.take(segment.revision)
        }
      }
      counted.documents += 1
      counted.versions += 1
      counted.bytes += bytes
      largest.add("\(counted.name)/\(id)", bytes)
    }
    index.forEachPastRevision(ofCollection: counted.name) { revision in
      counted.versions += 1
      counted.packedBytes += usage.take(revision)
    }
    return counted
  }

  private func size(of id: ObjectID) throws(GitError) -> Int {
    if let object = parts.objects.staged[id] { return object.content.count }
    return try parts.objects.withRepository { repository throws(GitError) in try repository.size(of: id) }
  }
}

/// The largest documents seen so far, the largest first.
private struct LargestDocuments {
  private(set) var documents: [StoreStatistics.LargeDocument] = []

  mutating func add(_ address: @autoclosure () -> String, _ bytes: Int) {
    let place = documents.firstIndex { $0.bytes < bytes } ?? documents.count
    guard place < Limits.listedDocuments else { return }
    documents.insert(StoreStatistics.LargeDocument(address: address(), bytes: bytes), at: place)
    if documents.count > Limits.listedDocuments { documents.removeLast() }
  }
}
