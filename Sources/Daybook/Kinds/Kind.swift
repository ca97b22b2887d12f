public import Documents
import Git

/// What a document is: one schema file under `schemas/` tells everything about it, and a new kind needs no code.
///
/// The schema's `x-daybook` member says where the documents live and how they are found; see `Kind+Parsing.swift` for
/// its form.
public struct Kind: Sendable {
  /// The name of the schema file without `.schema.json`.
  public let name: String
  public let title: String?
  /// Where its documents are.
  public let collection: CollectionName
  public let ids: IDs
  /// The collection in which each of its documents has one of the same id that it belongs to, and goes with; nil for none.
  public let belongsTo: CollectionName?
  public let partition: Partition
  /// Secondary indexes: the members whose values queries may ask for, in order.
  public let indexes: [Index]
  /// The members that lists show.
  public let excerpt: [JSONPointer]
  /// The members that full-text search reads.
  public let text: [JSONPointer]
  public let series: [Series]
  /// How long a document is kept, and from when on; nil for ever.
  public let timeToLive: TimeToLive?
  public let commitPolicy: CommitPolicy
  /// Whether undo, revert and rollback bring back what its documents were. Not for what must only go forward: a token
  /// that was revoked would count again.
  public let isReversible: Bool
  /// Environment variables that stand in for members when no document is active.
  public let environment: [(member: JSONPointer, variable: String)]
  /// The members that the schema describes at the top of a document, in its order.
  public let members: [Member]

  /// The id of its schema file: kinds with the same one are the same.
  let schemaID: ObjectID
  let schema: Schema
  /// The members that are sealed.
  package let secrets: [SchemaMemberPath]
  /// How the changes of two sides combine, member by member.
  let mergeRules: MergeRules

  /// Where a document's id comes from.
  public enum IDs: Sendable, Equatable {
    /// From whoever writes it.
    case given
    /// Made by the store when it is left out: a UUIDv7.
    case uuid7
    /// Only these exist.
    case fixed([String])
  }

  public struct Index: Sendable, Equatable {
    public let name: String
    public let members: [JSONPointer]
  }

  /// A member at the top of a document.
  public struct Member: Sendable {
    public let name: String
    public let title: String?
    public let isRequired: Bool
    /// What it is taken for when a document leaves it out.
    public let defaultValue: JSONValue?
  }

  /// An append-only list that belongs to a document, kept in numbered segments beside it.
  public struct Series: Sendable {
    public let name: String
    /// How many items a segment takes.
    public let segmentItems: Int
    let itemSchema: Schema
  }

  /// How transactions become commits.
  public enum CommitPolicy: String, Sendable {
    /// Each its own: the default.
    case each
    /// Those that wait together become one, each still all or nothing.
    case group
  }

  /// Whether the index has to know what its documents say.
  var hasIndexedMembers: Bool { !indexes.isEmpty || timeToLive != nil }

  /// Whether a member at the top of a document is sealed.
  package func isSecret(_ member: String) -> Bool {
    secrets.contains { path in
      guard path.steps.count == 1, case .name(member) = path.steps[0] else { return false }
      return true
    }
  }

  /// The members that a document has and no agent may write.
  package func readOnlyMembers(of document: JSONNode) -> [JSONPointer] {
    schema.pointers(where: "readOnly", in: document)
  }

  /// The rules of the kind that a document breaks.
  package func violations(of document: JSONNode) -> [SchemaViolation] {
    schema.validate(document, maximumViolations: Limits.listedViolations)
  }

  func series(named name: String) throws(StoreError) -> Series {
    if let found = series.first(where: { $0.name == name }) { return found }
    let known = series.map(\.name)
    throw StoreError(
      .notFound, "Documents of '\(collection)' have no series '\(name)'.",
      hint: known.isEmpty ? "The kind \(self.name) declares none." : "It has: \(known.joined(separator: ", ")).")
  }
}
