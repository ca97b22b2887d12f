import Documents
import Git

/// What one changed file means for the index. Worked out from the old and the new content alone, on whichever thread has
/// time; only the sequence is missing.
struct IndexChange: Sendable {
  enum Content: Sendable {
    /// The document's new revision; nil when it is deleted.
    case document(ObjectID?)
    /// A segment's new state; nil when it is deleted.
    case segment(series: String, number: Int, Segment?)
  }

  struct Segment: Sendable {
    var revision: ObjectID
    var items: Int
  }

  /// The document's key without its space.
  var name: [UInt8]
  var content: Content
  /// Keys of secondary indexes that no longer hold.
  var removedKeys: [[UInt8]] = []
  /// Those of the new revision.
  var keys: [[UInt8]] = []

  /// For a document that goes from `old` to `new`; nil stands for none.
  static func document(
    _ address: DocumentAddress, _ kind: Kind, old: JSONNode?, new: JSONNode?, revision: ObjectID?
  ) -> IndexChange {
    let name = Index.name(of: address)
    var change = IndexChange(name: name, content: .document(revision))
    for index in kind.indexes {
      let before = old.map { secondaryKey(index, of: $0, address) }
      let after = new.map { secondaryKey(index, of: $0, address) }
      if let before, before != after { change.removedKeys.append(before) }
      if let after { change.keys.append(after) }
    }
    return change
  }

  /// The part of a secondary index's keys that all its keys share.
  static func secondaryPrefix(collection: String, index: String) -> [UInt8] {
    var key = [Index.Space.secondary]
    key.append(contentsOf: collection.utf8)
    key.append(0)
    key.append(contentsOf: index.utf8)
    key.append(0)
    return key
  }

  private static func secondaryKey(_ index: Kind.Index, of node: JSONNode, _ address: DocumentAddress) -> [UInt8] {
    var key = secondaryPrefix(collection: address.collection.text, index: index.name)
    for member in index.members { IndexKey.append(node[member], to: &key) }
    key.append(contentsOf: address.id.text.utf8)
    return key
  }
}
