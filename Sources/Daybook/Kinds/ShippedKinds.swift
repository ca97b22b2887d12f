import Documents

/// The kinds that come with this program. A store has those of the program that made it, as files of its own; what came
/// later is added when somebody wants it.
extension Kinds {
  /// The names of those that are lacking here, and whose collections no other kind has.
  package var missing: [String] {
    Self.shippedCollections.filter { kind(named: $0.kind) == nil && kind(ifKnown: $0.collection) == nil }.map(\.kind)
  }

  /// Ordered by collection. The schemas in the binary are good: a test reads each.
  private static let shippedCollections: [(kind: String, collection: String)] = ((try? shipped())?.all ?? [])
    .map { ($0.name, $0.collection.text) }

  /// The schema file of a kind that comes with this program.
  ///
  /// - Throws: `.notFound` with the nearest name, `.conflict` for one that is there already, or whose collection is
  ///   another's.
  fileprivate func schemaFile(toAdd name: String) throws(StoreError) -> (path: String, bytes: [UInt8]) {
    let path = StoreLayout.schemaPath(name)
    guard let shipped = Self.shippedCollections.first(where: { $0.kind == name }),
      let file = BundledFiles.schemas.first(where: { "\(StoreLayout.schemas)/\($0.name)" == path })
    else {
      let names = Self.shippedCollections.map(\.kind)
      let meant = Self.shippedCollections.first { $0.collection == name }?.kind ?? closestMatch(to: name, in: names)
      let guess = meant.map { "Did you mean '\($0)'? " } ?? ""
      throw StoreError(
        .notFound, "No kind '\(name)' comes with Daybook.",
        hint: "\(guess)A kind of your own is a file under \(StoreLayout.schemas)/.")
    }
    if kind(named: name) != nil {
      throw StoreError(.conflict, "The store has the kind '\(name)' already.", document: path)
    }
    if let other = kind(ifKnown: shipped.collection) {
      throw StoreError(
        .conflict, "The collection '\(shipped.collection)' belongs to the kind '\(other.name)' of this store.",
        document: StoreLayout.schemaPath(other.name))
    }
    return (path, file.bytes)
  }
}

extension Transaction {
  /// Adds a kind that comes with this program and that the store lacks.
  ///
  /// - Returns: the path of its schema.
  @discardableResult
  package mutating func addKind(_ name: String) throws(StoreError) -> String {
    let file = try kinds.schemaFile(toAdd: name)
    try setFile(file.path, to: file.bytes)
    return file.path
  }
}
