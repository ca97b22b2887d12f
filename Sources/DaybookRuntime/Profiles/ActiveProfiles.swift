package import Daybook
import Documents

/// Which profile of each kind is in use: the members of the document `runtime/active`.
package struct ActiveProfiles: Sendable {
  static let address = "runtime/active"

  private let root: JSONNode?

  package init(in snapshot: Snapshot) throws(StoreError) {
    root = try snapshot.document(Self.address)?.root
  }

  /// The id of the active profile; nil when none is.
  package func id(of kind: ProfileKind) -> String? { root?[kind.name]?.string }

  /// The active profile of a kind as it is stored, its secrets sealed.
  package enum Stored {
    case none
    case profile(id: String, Document)
    /// The profile that the runtime document names is not there.
    case missing(id: String)
  }

  package func stored(_ kind: ProfileKind, in snapshot: Snapshot) throws(StoreError) -> Stored {
    guard let id = id(of: kind) else { return .none }
    return try snapshot.document(kind.address(id)).map { .profile(id: id, $0) } ?? .missing(id: id)
  }

  // MARK: Changes

  /// Makes a profile the active one of its kind.
  ///
  /// - Throws: `.notFound` with the nearest id.
  package static func use(
    _ name: ProfileName, in snapshot: Snapshot, _ transaction: inout Transaction
  ) throws(StoreError) {
    try checkExists(name, in: snapshot)
    try set(name.kind, to: name.id, in: snapshot, &transaction)
  }

  /// Makes a profile that the same transaction adds the active one of its kind.
  package static func use(
    new name: ProfileName, in snapshot: Snapshot, _ transaction: inout Transaction
  ) throws(StoreError) {
    try set(name.kind, to: name.id, in: snapshot, &transaction)
  }

  /// The profiles that could follow the active one; nil when this is not the active one, or the last.
  package static func successors(of name: ProfileName, in snapshot: Snapshot) throws(StoreError) -> [String]? {
    try checkExists(name, in: snapshot)
    guard try ActiveProfiles(in: snapshot).id(of: name.kind) == name.id else { return nil }
    let others = try ids(of: name.kind, in: snapshot).filter { $0 != name.id }
    return others.isEmpty ? nil : others
  }

  /// Deletes a profile; if it is the active one, its successor becomes active in the same commit. After the last of its
  /// kind none is.
  ///
  /// - Throws: `.usage` when it has to have a successor and none is named.
  package static func remove(
    _ name: ProfileName, successor: String?, in snapshot: Snapshot, _ transaction: inout Transaction
  ) throws(StoreError) {
    let isActive = try ActiveProfiles(in: snapshot).id(of: name.kind) == name.id
    if let others = try successors(of: name, in: snapshot) {
      guard let successor else { throw lacksSuccessor(name, others) }
      let next = try ProfileName(parsing: name.kind.address(successor), snapshot.kinds)
      guard next.id != name.id else { throw StoreError(.usage, "'\(name.text)' cannot be its own successor.") }
      try use(next, in: snapshot, &transaction)
    } else if isActive {
      try set(name.kind, to: nil, in: snapshot, &transaction)
    } else if successor != nil {
      throw StoreError(.usage, "'\(name.text)' is not the active profile, so it has no successor.")
    }
    try transaction.delete(name.address)
  }

  private static func set(
    _ kind: ProfileKind, to id: String?, in snapshot: Snapshot, _ transaction: inout Transaction
  ) throws(StoreError) {
    let change: JSONObject = [kind.name: id.map { .string($0) } ?? .null]
    if try snapshot.revision(address) != nil {
      try transaction.patch(address, merging: .object(change))
    } else if id != nil {
      try transaction.put(address, .object(change), if: .absent)
    }
  }

  private static func ids(of kind: ProfileKind, in snapshot: Snapshot) throws(StoreError) -> [String] {
    try snapshot.revisions(of: kind.kind.collection.text).keys.sorted().map(\.text)
  }

  // MARK: Errors

  private static func checkExists(_ name: ProfileName, in snapshot: Snapshot) throws(StoreError) {
    guard try snapshot.revision(name.address) == nil else { return }
    let ids = try ids(of: name.kind, in: snapshot)
    let guess = closestMatch(to: name.id, in: ids).map { "Did you mean '\(name.kind.name)/\($0)'? " } ?? ""
    throw StoreError(
      .notFound, "There is no profile '\(name.text)'.",
      hint: "\(guess)`daybook profile list \(name.kind.name)` shows those there are.", document: name.address)
  }

  private static func lacksSuccessor(_ name: ProfileName, _ others: [String]) -> StoreError {
    StoreError(
      .usage, "'\(name.text)' is the active profile: say which takes its place.",
      hint: "Give --successor with one of: \(others.joined(separator: ", ")).", document: name.address)
  }
}
