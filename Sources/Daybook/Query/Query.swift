public import Documents

/// A question to a collection: which documents, in which order, how many.
///
/// ```swift
/// let page = try store.snapshot().query(
///   Query("tasks").where("/status", .equals("failed")).sorted(by: "/updated_at", .descending).limited(to: 50))
/// ```
///
/// A secondary index that the kind declares answers it without reading any document, if its members are: those that must
/// equal something or be one of several values, then the one of a range or prefix or of the order. Otherwise the documents
/// are read one by one.
public struct Query: Sendable {
  public enum Test: Sendable, Equatable {
    case equals(JSONValue)
    case isOneOf([JSONValue])
    case less(JSONValue)
    case atMost(JSONValue)
    case greater(JSONValue)
    case atLeast(JSONValue)
    /// A string that begins so.
    case hasPrefix(String)
  }

  public enum Direction: Sendable {
    case ascending, descending
  }

  struct Condition: Sendable, Equatable {
    var member: JSONPointer
    var test: Test
  }

  public let collection: String
  var conditions: [Condition] = []
  var order: JSONPointer?
  var idPrefix: String?
  var direction = Direction.ascending
  var limit = 100
  var cursor: String?
  var bytes = Limits.pageBytes
  var examined = Int.max

  public init(_ collection: String) {
    self.collection = collection
  }

  /// Only documents whose member passes the test. Several conditions must all hold. A member is named by a JSON Pointer,
  /// such as `/status`; one that is absent counts as null, which is less than everything.
  public func `where`(_ member: String, _ test: Test) throws(StoreError) -> Query {
    var query = self
    query.conditions.append(Condition(member: try Self.pointer(member), test: test))
    return query
  }

  /// Only documents whose id begins so.
  public func withIDs(beginning prefix: String) -> Query {
    var query = self
    query.idPrefix = prefix
    return query
  }

  /// Ordered by a member, and by id where it is equal. Without this, ordered by id.
  public func sorted(by member: String, _ direction: Direction = .ascending) throws(StoreError) -> Query {
    var query = self
    query.order = try Self.pointer(member)
    query.direction = direction
    return query
  }

  /// Ordered by id.
  public func sorted(_ direction: Direction) -> Query {
    var query = self
    query.direction = direction
    return query
  }

  /// At most this many documents; 100 unless said otherwise. A page of large documents ends before, with the one that
  /// brings it to `Limits.pageBytes`.
  public func limited(to limit: Int) -> Query {
    var query = self
    query.limit = max(1, min(limit, Limits.pageDocuments))
    return query
  }

  /// Reads at most so many documents, whether they pass or not. A page may be short then, and still have others behind
  /// it; what has to be sorted is refused when there is more.
  package func examining(atMost count: Int) -> Query {
    var query = self
    query.examined = count
    return query
  }

  /// Ends a page with the document that brings it to so many bytes.
  package func holding(bytes count: Int) -> Query {
    var query = self
    query.bytes = max(1, min(count, Limits.pageBytes))
    return query
  }

  /// Goes on behind a page, with its `next`. Documents that were added or removed meanwhile neither repeat nor hide others.
  public func after(_ cursor: String?) -> Query {
    var query = self
    query.cursor = cursor
    return query
  }

  private static func pointer(_ text: String) throws(StoreError) -> JSONPointer {
    do {
      return try JSONPointer(parsing: text)
    } catch {
      throw StoreError(.usage, "'\(text)' does not name a member.", hint: "Write it as /name or /name/inner.")
    }
  }
}

/// Some of the documents that a query finds.
public struct Page: Sendable {
  public let documents: [Document]
  /// What `Query.after` takes for the documents that follow; nil when there are none.
  public let next: String?
  /// How many documents were looked at for it.
  package let examined: Int

  package init(documents: [Document], next: String?, examined: Int) {
    self.documents = documents
    self.next = next
    self.examined = examined
  }
}
