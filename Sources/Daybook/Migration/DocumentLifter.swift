import Documents
import Git

/// Lifts texts of documents of a store. One that the document's history knows is of the version that the commit says which
/// brought it.
struct DocumentLifter {
  private let lifting: Lifting
  private let index: Index
  private let objects: ObjectReader

  init(_ index: Index, head: ObjectID?, _ objects: ObjectReader, _ sealer: Sealer) throws(StoreError) {
    lifting = try Lifting(at: head, objects, sealer)
    self.index = index
    self.objects = objects
  }

  func lifted(
    _ text: JSONText, _ revision: ObjectID?, of kind: Kind, at address: DocumentAddress
  ) throws(StoreError) -> JSONText {
    guard lifting.hasMigrated(kind) else { return text }
    let history = index.history(of: Index.name(of: address), limit: .max)
    let known = history.first { $0.revision == revision }.flatMap { index.commit(at: $0.sequence) }
    let version = try known.map { commit throws(StoreError) in
      try MigrationState(at: commit, objects).version(of: kind.name)
    }
    return try lifting.lifted(text, of: kind, at: address, from: version)
  }
}

extension Snapshot {
  func lifter() throws(StoreError) -> DocumentLifter {
    try DocumentLifter(index, head: commit?.id, objects, sealer)
  }
}
