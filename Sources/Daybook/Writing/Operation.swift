import Documents
import Git

/// One wish of a transaction, before it is checked against the store.
enum Operation: Sendable {
  case put(DocumentAddress, Content, Precondition)
  case patch(DocumentAddress, Patch, Precondition)
  case delete(DocumentAddress, Precondition)
  /// Writes nothing: the document must be so when the others are written.
  case require(DocumentAddress, Precondition)
  case append(DocumentAddress, series: String, [JSONValue])
  /// Others in place of the items of a series from a place on, if those are the expected ones; nil: whatever they are.
  case replaceItems(DocumentAddress, series: String, from: Int, expecting: [JSONValue]?, with: [JSONValue])
  /// A segment of a series as a whole, as a person edited it, nil deletes it, on what the store holds of it.
  case segment(DocumentAddress, series: String, number: Int, JSONText?, Draft.FileBasis)
  /// Seals the secrets of a document with the active key, whatever else it holds; a missing one stays missing.
  case reseal(DocumentAddress)
  /// Deletes a document whose time to live is over, unless it, one of its series, or its schema changed since.
  case expire(DocumentAddress, lastChange: UInt64, schema: ObjectID)
  /// A file that is no document, such as a schema; nil deletes it.
  case file(path: String, [UInt8]?)
  case restore(Restoration)
  /// A rule for the operations that follow.
  case keep(WriteRule)

  enum Content: Sendable {
    /// Kept to the byte.
    case text(JSONText)
    /// Written into the existing text with its formatting kept, or formatted afresh.
    case value(JSONValue)
  }

  enum Patch: Sendable {
    case merge(JSONValue)
    case operations(JSONPatch)
    /// One secret, to be sealed.
    case secret(JSONPointer, String)
  }
}

/// What must hold for a write to be made.
public enum Precondition: Sendable, Equatable {
  /// Nothing: the last write wins.
  case none
  /// There is no such document yet.
  case absent
  /// There is one, of any revision.
  case present
  /// The document is still what the writer saw.
  case revision(Revision)
}
