public import Documents
import Git

/// All kinds of a store: which collections there are, and what an address means.
public struct Kinds: Sendable {
  /// Ordered by collection.
  public let all: [Kind]
  private let places: [String: Int]
  /// The same for the same schemas, and for no others.
  let fingerprint: ObjectID

  init(_ kinds: [Kind]) throws(StoreError) {
    all = kinds.sorted { $0.collection.text < $1.collection.text }
    var places: [String: Int] = [:]
    for (place, kind) in all.enumerated() {
      if let other = places.updateValue(place, forKey: kind.collection.text) {
        throw StoreError(
          .invalid, "The kinds \(all[other].name) and \(kind.name) both claim the collection '\(kind.collection)'.",
          hint: "Change \"collection\" in one of their files under \(StoreLayout.schemas)/.",
          document: StoreLayout.schemaPath(kind.name))
      }
    }
    self.places = places
    let schemas = all.map { "\($0.name) \($0.schemaID)" }
    fingerprint = ObjectID(hashing: Array(schemas.joined(separator: "\n").utf8), as: .blob)
  }

  /// Those of a store without schemas.
  init() {
    all = []
    places = [:]
    fingerprint = ObjectID(hashing: [], as: .blob)
  }

  /// The kinds that Daybook ships, for when no store can be asked.
  package static func shipped() throws(StoreError) -> Kinds {
    var kinds: [Kind] = []
    for file in BundledFiles.schemas where file.name.hasSuffix(StoreLayout.schemaSuffix) {
      kinds.append(try KindCache.kind(parsing: file.bytes, fileName: file.name))
    }
    return try Kinds(kinds)
  }

  /// The kind whose documents are in this collection; throws `.notFound` with the known ones.
  public func kind(of collection: String) throws(StoreError) -> Kind {
    if let place = places[collection] { return all[place] }
    throw unknownCollection(collection)
  }

  func place(of collection: String) -> Int? { places[collection] }

  func kind(named name: String) -> Kind? { all.first { $0.name == name } }

  func kind(ifKnown collection: String) -> Kind? { places[collection].map { all[$0] } }

  /// Takes an address such as `profiles/llm/gpt-4o` apart.
  ///
  /// The collection is the longest one that the text begins with; what follows is the id, in which `/` cannot occur.
  public func address(_ text: String) throws(StoreError) -> DocumentAddress {
    guard let slash = text.lastIndex(of: "/") else {
      throw StoreError(
        .usage, "'\(text)' is not an address: it needs a collection and an id, such as profiles/llm/gpt-4o.",
        hint: "The collections are: \(collectionNames).")
    }
    let kind = try kind(of: String(text[..<slash]))
    return try address(id: String(text[text.index(after: slash)...]), in: kind)
  }

  /// The address of a document of this kind; throws `.refused` when the kind cannot have that id.
  func address(id: String, in kind: Kind) throws(StoreError) -> DocumentAddress {
    let checked: DocumentID
    do {
      checked = try DocumentID(id)
    } catch {
      throw StoreError(.refused, "'\(id)' cannot be an id: \(error).", document: "\(kind.collection)/\(id)")
    }
    if case .fixed(let ids) = kind.ids, !ids.contains(id) {
      throw StoreError(
        .refused, "'\(kind.collection)' has no document '\(id)'.",
        hint: "It holds only: \(ids.joined(separator: ", ")).", document: "\(kind.collection)/\(id)")
    }
    return DocumentAddress(collection: kind.collection, id: checked)
  }

  /// The file of a document, relative to the store.
  package func path(of address: DocumentAddress) throws(StoreError) -> String {
    try StoreLayout.path(of: address, try kind(of: address.collection.text))
  }

  private var collectionNames: String { all.map(\.collection.text).joined(separator: ", ") }

  private func unknownCollection(_ name: String) -> StoreError {
    let guess = closestMatch(to: name, in: places.keys.sorted()).map { "Did you mean '\($0)'? " } ?? ""
    return StoreError(
      .notFound, "There is no collection '\(name)'.", hint: "\(guess)The collections are: \(collectionNames).")
  }
}
