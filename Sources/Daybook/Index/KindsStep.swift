import Documents
import Git

/// The step of an index from the kinds that it was made with to those that a commit brings.
///
/// What a file is follows from the kinds of its commit. So documents whose kind comes are created by the commit that brings
/// it, and those whose kind goes are deleted; what the index derives from the content of the others is derived again, and
/// those that do not fit any more are noted as misfits. Everything is a function of the index and the commit's folders, so a
/// rebuilt index takes the same steps. It costs reading the documents of the kinds that changed.
struct KindsStep {
  let objects: ObjectReader

  func take(_ kinds: Kinds, into index: inout Index, root: ObjectID, sequence: UInt64) throws(GitError) {
    let before = index.kinds
    index.goOn(with: kinds)
    for collection in Set((before.all + kinds.all).map(\.collection.text)).sorted() {
      let (old, new) = (before.kind(ifKnown: collection), kinds.kind(ifKnown: collection))
      if old?.schemaID == new?.schemaID, old?.name == new?.name { continue }
      if old.flatMap({ old in new.map { $0.keepsFiles(of: old) } }) != true {
        let removed = index.documents(of: collection).map { IndexChange(name: $0.name, content: .document(nil)) }
        index.removeAll(of: collection, in: [Index.Space.segment])
        let added = try new.map { kind throws(GitError) in try files(of: kind, kinds, root) } ?? []
        index.apply(removed + added, sequence: sequence)
      }
      index.removeAll(of: collection, in: Index.Space.derived)
      if let new { try derive(new, &index) }
    }
  }

  /// Documents before the segments of their series.
  private func files(of kind: Kind, _ kinds: Kinds, _ root: ObjectID) throws(GitError) -> [IndexChange] {
    let collection = kind.collection.text
    guard let folder = try TreeReader(root: root, objects: objects).folder(at: collection) else { return [] }
    var documents: [IndexChange] = []
    var segments: [IndexChange] = []
    let builder = IndexBuilder(objects: objects)
    try TreeDifference(objects: objects).visit(from: nil, to: folder, under: collection) {
      path, _, id throws(GitError) in
      guard let change = try builder.change(path, nil, id, kinds), change.name.starts(with: Index.name(of: kind)) else {
        return
      }
      if case .document = change.content { documents.append(change) } else { segments.append(change) }
    }
    return documents + segments
  }

  private func derive(_ kind: Kind, _ index: inout Index) throws(GitError) {
    for (name, state) in index.documents(of: kind.collection.text) {
      guard let id = try? DocumentID(String(decoding: name.dropFirst(Index.name(of: kind).count), as: UTF8.self)),
        let root = try? objects.text(state.revision).root
      else {
        index.setDerived([], isMisfit: true, of: name, state)
        continue
      }
      let address = DocumentAddress(collection: kind.collection, id: id)
      let keys = IndexChange.document(address, kind, old: nil, new: root, revision: state.revision).keys
      let fits = kind.schema.validate(root, maximumViolations: 1).isEmpty
      index.setDerived(keys, isMisfit: !fits, of: name, state)
    }
  }
}

extension Index {
  /// What the names of a kind's documents begin with.
  fileprivate static func name(of kind: Kind) -> [UInt8] { name(collection: kind.collection.text, id: "") }
}

extension Kind {
  /// Whether documents of the other kind are where this one looks for them.
  func keepsFiles(of other: Kind) -> Bool {
    collection == other.collection && partition == other.partition && series.map(\.name) == other.series.map(\.name)
      && (series.isEmpty || name == other.name)
  }
}
