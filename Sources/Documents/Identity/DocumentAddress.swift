/// Where a document is: its collection and its id, written `collection/id`.
public struct DocumentAddress: Sendable, Hashable {
  /// The collection.
  public let collection: CollectionName
  /// The id within the collection.
  public let id: DocumentID

  /// Joins the two.
  public init(collection: CollectionName, id: DocumentID) {
    self.collection = collection
    self.id = id
  }

  /// Takes `profiles/llm/gpt-4o` apart at its last slash, since an id holds none.
  public init(parsing text: String) throws(DocumentAddressError) {
    guard let slash = text.utf8.lastIndex(of: UInt8(ascii: "/")) else { throw .noCollection(text) }
    do throws(CollectionNameError) {
      collection = try CollectionName(String(text[..<slash]))
    } catch {
      throw .collection(error)
    }
    do throws(DocumentIDError) {
      id = try DocumentID(String(text[text.utf8.index(after: slash)...]))
    } catch {
      throw .id(error)
    }
  }
}

extension DocumentAddress: Comparable, CustomStringConvertible {
  /// By collection, then by id.
  public static func < (one: DocumentAddress, other: DocumentAddress) -> Bool {
    one.collection == other.collection ? one.id < other.id : one.collection < other.collection
  }

  /// `collection/id`
  public var description: String { "\(collection)/\(id)" }
}

/// Why a text is not the address of a document.
public enum DocumentAddressError: Error, Equatable, CustomStringConvertible {
  case noCollection(String)
  case collection(CollectionNameError)
  case id(DocumentIDError)

  /// A sentence.
  public var description: String {
    switch self {
    case .noCollection: "An address needs a collection and an id, such as profiles/llm/gpt-4o."
    case .collection(let error): error.description
    case .id(let error): error.description
    }
  }
}
