package import Daybook
import Documents

/// Conflicts: places where two changes met and one could stay. The store goes on with that one; here people see the
/// other, and decide.
///
/// For who looks after the store: a conflict may be about anybody's documents. Those of the same member are resolved
/// one by one.
package struct Conflicts: Sendable {
  static let collection = "conflicts"

  private let store: Store
  private let now: @Sendable () -> Timestamp

  /// - Parameter now: the time of day; the store's own when left out.
  package init(_ store: Store, now: (@Sendable () -> Timestamp)? = nil) {
    self.store = store
    self.now = now ?? { store.now }
  }

  // MARK: Reading

  /// Those first that came last.
  ///
  /// - Parameter status: nil for all.
  package func list(
    status: ConflictStatus? = .open, limit: Int = 50, after cursor: String? = nil, for caller: Caller
  ) throws(StoreError) -> Page {
    try caller.grant.checkAdministers()
    var query = Query(Self.collection)
    if let status { query = try query.where("/status", .equals(.string(status.rawValue))) }
    return try store.snapshot().query(
      query.sorted(.descending).limited(to: OwnDocuments.pageLimit(limit)).after(cursor))
  }

  package func conflict(_ id: String, for caller: Caller) throws(StoreError) -> Document {
    try caller.grant.checkAdministers()
    return try Self.conflict(id, in: store.snapshot())
  }

  private static func conflict(_ id: String, in snapshot: Snapshot) throws(StoreError) -> Document {
    let address = "\(collection)/\(id)"
    guard let conflict = try snapshot.document(address) else { throw Snapshot.missing(address) }
    return conflict
  }

  // MARK: Deciding

  /// Decides a conflict: what the document becomes and that it is decided are one commit.
  ///
  /// - Returns: the conflict as it is now.
  /// - Throws: `.conflict` for one that is resolved; `.invalid` when the document would break the rules of its kind;
  ///   and what `ConflictSubject` throws.
  @discardableResult
  package func resolve(
    _ id: String, as resolution: ConflictResolution, if revision: Revision? = nil, for caller: Caller
  ) async throws -> Document {
    try caller.grant.checkAdministers()
    let moment = now()
    _ = try await store.change(for: caller) { snapshot, transaction in
      let conflict = try Self.conflict(id, in: snapshot)
      let precondition = try conflict.precondition(seen: revision)
      try conflict.checkIsOpen()
      try ConflictSubject(of: conflict, in: snapshot).settle(as: resolution, &transaction)
      try transaction.set(
        [
          "status": .string(ConflictStatus.resolved.rawValue), "resolution": .string(resolution.name),
          "resolved_at": .string(moment.text),
        ], of: "\(conflict.address)", if: precondition)
    }
    return try Self.conflict(id, in: store.snapshot())
  }
}

package enum ConflictStatus: String, Sendable, CaseIterable {
  case open, resolved
}

extension Document {
  /// - Throws: `.conflict`, with how and when it was resolved.
  fileprivate func checkIsOpen() throws(StoreError) {
    guard root["status"]?.string == ConflictStatus.resolved.rawValue else { return }
    let how = root["resolution"]?.string.map { " as '\($0)'" } ?? ""
    let time = root["resolved_at"]?.string.map { " at \($0)" } ?? ""
    throw StoreError(
      .conflict, "'\(address)' was resolved\(how)\(time).",
      hint: "Change the document itself, or take that back with `daybook undo` or `daybook revert`.",
      document: "\(address)")
  }
}
