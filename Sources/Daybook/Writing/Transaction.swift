public import Documents

/// A set of writes that becomes one commit, or nothing.
///
/// Handed to the closure of `Store.transaction`; it only collects, and what it collects is checked and written when the
/// closure has returned.
///
/// ```swift
/// try await store.transaction { transaction in
///   try transaction.put("profiles/llm/gpt-4o", profile)
///   try transaction.patch("runtime/active", merging: ["llm": "gpt-4o"])
///   try transaction.delete("profiles/llm/old")
/// }
/// ```
public struct Transaction: ~Copyable {
  let kinds: Kinds
  private let makeID: () -> DocumentID
  private(set) var operations: [Operation] = []
  private(set) var bytes = 0
  private var ruleCount = 0
  /// The plan that it carries out, if it does.
  private(set) var plan: HistoryPlan?

  init(kinds: Kinds, makeID: @escaping () -> DocumentID) {
    self.kinds = kinds
    self.makeID = makeID
  }

  /// Writes a document whole, its text kept to the byte.
  public mutating func put(_ address: String, text: JSONText, if precondition: Precondition = .none) throws(StoreError)
  {
    bytes += text.bytes.count
    try add(.put(try kinds.address(address), .text(text), precondition))
  }

  /// Writes a document whole. Where there is one already, its formatting and the members that stay equal are kept.
  public mutating func put(_ address: String, _ value: JSONValue, if precondition: Precondition = .none)
    throws(StoreError)
  {
    try add(.put(try kinds.address(address), .value(value), precondition))
  }

  /// Writes a document from a Swift value.
  public mutating func put(
    _ address: String, encoding value: some Encodable, if precondition: Precondition = .none
  ) throws(StoreError) {
    try put(address, try Self.json(encoding: value, for: address), if: precondition)
  }

  /// Writes a new document under an id that the store makes, and returns its address.
  public mutating func create(in collection: String, _ value: JSONValue) throws(StoreError) -> DocumentAddress {
    let kind = try kinds.kind(of: collection)
    guard kind.ids == .uuid7 else {
      throw StoreError(.usage, "Documents of '\(collection)' are named by whoever writes them.", hint: "Give an id.")
    }
    let address = DocumentAddress(collection: kind.collection, id: makeID())
    try add(.put(address, .value(value), .absent))
    return address
  }

  /// The same, with the text kept to the byte.
  public mutating func create(in collection: String, text: JSONText) throws(StoreError) -> DocumentAddress {
    let kind = try kinds.kind(of: collection)
    guard kind.ids == .uuid7 else {
      throw StoreError(.usage, "Documents of '\(collection)' are named by whoever writes them.", hint: "Give an id.")
    }
    let address = DocumentAddress(collection: kind.collection, id: makeID())
    bytes += text.bytes.count
    try add(.put(address, .text(text), .absent))
    return address
  }

  /// Changes the members that the patch names (RFC 7396); `null` removes one.
  public mutating func patch(
    _ address: String, merging patch: JSONValue, if precondition: Precondition = .none
  ) throws(StoreError) {
    try add(.patch(try kinds.address(address), .merge(patch), precondition))
  }

  /// Makes the changes of a JSON Patch (RFC 6902), all or none.
  public mutating func patch(
    _ address: String, applying patch: JSONPatch, if precondition: Precondition = .none
  ) throws(StoreError) {
    try add(.patch(try kinds.address(address), .operations(patch), precondition))
  }

  /// Sets one secret of a document; it is sealed before anything else sees it.
  ///
  /// Refused for a member that the kind does not call secret: there the value would stand in clear.
  public mutating func setSecret(
    _ address: String, _ member: JSONPointer, to value: String, if precondition: Precondition = .none
  ) throws(StoreError) {
    bytes += value.utf8.count
    try add(.patch(try kinds.address(address), .secret(member, value), precondition))
  }

  /// Seals the secrets of a document with the active key of the ring.
  mutating func reseal(_ address: String) throws(StoreError) {
    try add(.reseal(try kinds.address(address)))
  }

  /// Deletes a document and its series. Its history stays.
  public mutating func delete(_ address: String, if precondition: Precondition = .present) throws(StoreError) {
    try add(.delete(try kinds.address(address), precondition))
  }

  /// Holds the transaction to what a document is that it does not write: when that is not so any more, nothing is written.
  public mutating func require(_ address: String, _ precondition: Precondition) throws(StoreError) {
    try add(.require(try kinds.address(address), precondition))
  }

  /// Appends items to a series of a document, at once and in this order. An item without `id` gets one.
  public mutating func append(_ items: [JSONValue], to series: String, of address: String) throws(StoreError) {
    try add(.append(try self.address(address, with: series), series: series, named(items)))
  }

  /// Replaces the items of a series from a place on (0 is the oldest) by others, at once; with none, it takes them away. The
  /// history keeps them. An item without `id` gets one.
  ///
  /// ```swift
  /// let last = try snapshot.series("messages", of: address, from: count - 1)
  /// try transaction.replaceItems(of: "messages", in: address, from: count - 1, expecting: last)
  /// ```
  ///
  /// - Parameter expected: What must stand there, up to the end of the series, compared as JSON: anything else is a
  ///   conflict. Nil: whatever stands there.
  public mutating func replaceItems(
    of series: String, in address: String, from place: Int, expecting expected: [JSONValue]? = nil,
    with items: [JSONValue] = []
  ) throws(StoreError) {
    let address = try self.address(address, with: series)
    try add(.replaceItems(address, series: series, from: place, expecting: expected, with: named(items)))
  }

  private func address(_ text: String, with series: String) throws(StoreError) -> DocumentAddress {
    let address = try kinds.address(text)
    _ = try kinds.kind(of: address.collection.text).series(named: series)
    return address
  }

  /// The items, each with an id.
  private func named(_ items: [JSONValue]) -> [JSONValue] {
    items.map { item in
      guard case .object(var object) = item, object["id"] == nil else { return item }
      object["id"] = .string(makeID().text)
      return .object(object)
    }
  }

  /// Writes or deletes a file that is no document.
  mutating func setFile(_ path: String, to bytes: [UInt8]?) throws(StoreError) {
    self.bytes += bytes?.count ?? 0
    try add(.file(path: path, bytes))
  }

  /// Holds what follows to a rule.
  package mutating func keep(_ rule: WriteRule) {
    operations.append(.keep(rule))
    ruleCount += 1
  }

  /// Carries out a plan that takes something back, all of it or nothing: should one of its documents be changed meanwhile,
  /// that is a conflict. The commit says which earlier one it is about.
  ///
  /// ```swift
  /// let plan = try store.snapshot().planRollback(to: Point(parsing: "HEAD~3"))
  /// try await store.transaction { try $0.apply(plan) }
  /// ```
  ///
  /// - Throws: `.conflict` when the plan has conflicts, `.limit` when it is too large, `.usage` for a second plan.
  public mutating func apply(_ plan: HistoryPlan) throws(StoreError) {
    if let conflict = plan.conflictError { throw conflict }
    guard self.plan == nil else { throw StoreError(.usage, "A transaction carries out one plan.") }
    self.plan = plan
    bytes += plan.bytes
    guard plan.steps.count <= Limits.restoredFiles else {
      throw StoreError(
        .limit, "The plan changes \(plan.steps.count) files; at most \(Limits.restoredFiles) can go back at once.",
        hint: "Take back one document or commit after the other.")
    }
    try checkBytes()
    operations += plan.steps.map { .restore($0.restoration) }
  }

  private mutating func add(_ operation: Operation) throws(StoreError) {
    guard operations.count - ruleCount < Limits.transactionDocuments else {
      throw StoreError(
        .limit, "A transaction takes at most \(Limits.transactionDocuments) documents.", hint: "Split it into several.")
    }
    try checkBytes()
    operations.append(operation)
  }

  private func checkBytes() throws(StoreError) {
    guard bytes <= Limits.transactionBytes else {
      throw StoreError(
        .limit, "A transaction takes at most \(Limits.transactionBytes >> 20) MiB.", hint: "Split it into several.")
    }
  }

  private static func json(encoding value: some Encodable, for address: String) throws(StoreError) -> JSONValue {
    do {
      return try JSONValue(encoding: value)
    } catch {
      throw StoreError(.invalid, "The value cannot be written as JSON.", document: address, cause: error)
    }
  }
}
