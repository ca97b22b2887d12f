import Synchronization

/// The objects that are written but not packed yet, shared by everyone who reads or writes the store.
///
/// The writer adds them, the archive takes them away once the pack that holds them is published; in between libgit2
/// reads them here, through a backend of its object database, so that history works on a commit the moment it is made.
package final class StagedObjects: Sendable {
  private let objects = Mutex<[ObjectID: GitObject]>([:])

  package init() {}

  package func add(_ added: [GitObject]) {
    objects.withLock { objects in
      for object in added { objects[object.id] = object }
    }
  }

  package func remove(_ removed: some Sequence<ObjectID>) {
    objects.withLock { objects in
      for id in removed { objects[id] = nil }
    }
  }

  package subscript(id: ObjectID) -> GitObject? {
    objects.withLock { $0[id] }
  }

  package var count: Int { objects.withLock { $0.count } }
}
