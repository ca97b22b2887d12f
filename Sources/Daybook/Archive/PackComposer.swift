import Git

/// Makes one pack of a batch of commits. Which version an object came from is known, so deltas need no search.
enum PackComposer {
  static func pack(_ objects: [GitObject]) -> ComposedPack {
    var writer = PackWriter(expecting: objects.count)
    var present: [ObjectID: GitObject] = [:]
    present.reserveCapacity(objects.count)
    for object in objects {
      writer.add(object, base: object.predecessor.flatMap { present[$0] })
      present[object.id] = object
    }
    return writer.finish()
  }
}
