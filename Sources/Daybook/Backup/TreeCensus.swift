import Documents
import Git

/// What the folders of one commit hold, read from the objects alone: so it can be counted for a backup, and counted again.
struct TreeCensus {
  private(set) var documents: [String: Int] = [:]
  private(set) var files = 0
  private(set) var bytes = 0
  let manifest: Manifest

  private let kinds: Kinds

  /// - Throws: `.notFound` of Git's when something is missing; a `StoreError` when the commit is no store's.
  init(of root: ObjectID, _ reader: inout PackReader) throws {
    guard let manifest = try Tree(bytes: reader.content(root, .tree)).file(named: Array(StoreLayout.manifest.utf8))
    else {
      throw StoreError(.damaged, "The newest commit is not that of a store: it has no \(StoreLayout.manifest).")
    }
    self.manifest = try Manifest(parsing: reader.content(manifest, .blob))
    kinds = try Self.kinds(in: root, &reader)
    try count(root, &reader)
  }

  /// Those that were committed. A schema that is broken in the commit counts for nothing.
  private static func kinds(in root: ObjectID, _ reader: inout PackReader) throws -> Kinds {
    guard let folder = try Tree(bytes: reader.content(root, .tree)).folder(named: Array(StoreLayout.schemas.utf8))
    else { return try Kinds([]) }
    var kinds: [Kind] = []
    for entry in try Tree(bytes: reader.content(folder, .tree)).entries() {
      guard !entry.isFolder, entry.name.hasSuffix(StoreLayout.schemaSuffix) else { continue }
      let bytes = try reader.content(entry.id, .blob)
      if let kind = try? KindCache.kind(parsing: bytes, fileName: entry.name) { kinds.append(kind) }
    }
    return try Kinds(kinds)
  }

  private mutating func count(_ root: ObjectID, _ reader: inout PackReader) throws {
    var waiting = [(path: "", id: root)]
    while let folder = waiting.popLast() {
      for entry in try Tree(bytes: reader.content(folder.id, .tree)).entries() where !entry.isSubmodule {
        let path = folder.path + entry.name
        if entry.isFolder { waiting.append((path + "/", entry.id)) } else { try countFile(path, entry.id, &reader) }
      }
    }
  }

  private mutating func countFile(_ path: String, _ id: ObjectID, _ reader: inout PackReader) throws {
    files += 1
    bytes += try reader.object(id).content.count
    if case .document(let address, _) = StoreLayout.place(of: path, kinds) {
      documents[address.collection.text, default: 0] += 1
    }
  }
}
