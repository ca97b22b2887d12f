import Git

/// Makes one pack of a batch of commits. Which version an object came from is known, so deltas need no search.
enum PackComposer {
  static func pack(_ commits: [ArchiveQueue.Commit]) -> ComposedPack {
    let count = commits.reduce(0) { $0 + $1.objects.count }
    var writer = PackWriter(expecting: count)
    var present: [ObjectID: GitObject] = [:]
    present.reserveCapacity(count)
    for commit in commits {
      for object in commit.objects {
        writer.add(object, base: object.predecessor.flatMap { present[$0] })
        present[object.id] = object
      }
    }
    return writer.finish()
  }
}
