package import Daybook
import Documents

/// Which profile of each kind is in use: the members of the document `runtime/active`, and before them, for a user, those
/// of `runtime/users/<user>`. A profile that is not there, or is another user's, is not in use: what lies behind it is.
package struct ActiveProfiles: Sendable {
  /// Who uses it.
  package enum Layer: Sendable, Equatable {
    case store
    case user(String)

    package var address: String {
      switch self {
      case .store: "runtime/active"
      case .user(let user): "runtime/users/\(user)"
      }
    }
  }

  private let snapshot: Snapshot
  private let user: String?
  /// The documents, the nearest first.
  private let roots: [JSONNode]

  /// - Parameter user: nil for the store itself.
  package init(in snapshot: Snapshot, for user: String? = nil) throws(StoreError) {
    self.snapshot = snapshot
    self.user = user
    var roots: [JSONNode] = []
    for layer in (user.map { [.user($0)] } ?? []) + [Layer.store] {
      if let root = try snapshot.document(layer.address)?.root { roots.append(root) }
    }
    self.roots = roots
  }

  /// The active profile of a kind as it is stored, its secrets sealed.
  package enum Stored {
    case none
    case profile(id: String, Document)
    /// The profile that is named is not there.
    case missing(id: String)
  }

  package func stored(_ kind: ProfileKind) throws(StoreError) -> Stored {
    var missing: String?
    for id in roots.compactMap({ $0[kind.name]?.string }) {
      if let document = try snapshot.document(kind.address(id)), isVisible(document) {
        return .profile(id: id, document)
      }
      missing = missing ?? id
    }
    return missing.map { .missing(id: $0) } ?? .none
  }

  /// The id of the active profile; nil when none is.
  package func id(of kind: ProfileKind) throws(StoreError) -> String? {
    switch try stored(kind) {
    case .none: nil
    case .profile(let id, _), .missing(let id): id
    }
  }

  private func isVisible(_ profile: Document) -> Bool {
    guard let owner = profile.root["user"]?.string else { return true }
    return owner == user
  }

  // MARK: Changes

  /// Makes a profile the active one of its kind.
  ///
  /// - Throws: `.notFound` with the nearest id; `.usage` for a user's profile that others are to use.
  package static func use(
    _ name: ProfileName, by layer: Layer = .store, in snapshot: Snapshot, _ transaction: inout Transaction
  ) throws(StoreError) {
    try checkExists(name, in: snapshot)
    try transaction.require(name.address, .present)
    try use(new: name, by: layer, in: snapshot, &transaction)
  }

  /// Makes a profile that the same transaction adds the active one of its kind.
  package static func use(
    new name: ProfileName, by layer: Layer = .store, in snapshot: Snapshot, _ transaction: inout Transaction
  ) throws(StoreError) {
    if let owner = name.owner, layer != .user(owner) {
      throw StoreError(.usage, "'\(name.text)' belongs to '\(owner)', who alone can use it.", document: name.address)
    }
    try set(name.kind, to: name.id, in: layer, snapshot, &transaction)
  }

  /// The profiles that could follow the active one; nil when this is not the active one, or the last. A user's needs none:
  /// that of the store lies behind it.
  package static func successors(of name: ProfileName, in snapshot: Snapshot) throws(StoreError) -> [String]? {
    try checkExists(name, in: snapshot)
    guard name.owner == nil, try isActive(name, in: .store, snapshot) else { return nil }
    let others = try ids(of: name.kind, in: snapshot).filter { $0 != name.id && !$0.contains("~") }
    return others.isEmpty ? nil : others
  }

  /// Deletes a profile; if it is the active one, its successor becomes active in the same commit. After the last of its
  /// kind none is.
  ///
  /// - Throws: `.usage` when it has to have a successor and none is named.
  package static func remove(
    _ name: ProfileName, successor: String?, if precondition: Precondition = .present, in snapshot: Snapshot,
    _ transaction: inout Transaction
  ) throws(StoreError) {
    let layer = name.owner.map { Layer.user($0) } ?? .store
    let others = try successors(of: name, in: snapshot)
    let isActive = try isActive(name, in: layer, snapshot)
    if let successor {
      guard isActive else {
        throw StoreError(.usage, "'\(name.text)' is not the active profile, so it has no successor.")
      }
      let next = try ProfileName(parsing: name.kind.address(successor), snapshot.kinds)
      guard next.id != name.id else { throw StoreError(.usage, "'\(name.text)' cannot be its own successor.") }
      try use(next, by: layer, in: snapshot, &transaction)
    } else if let others {
      throw lacksSuccessor(name, others)
    } else if isActive {
      try set(name.kind, to: nil, in: layer, snapshot, &transaction)
    } else {
      // Who makes it the active one meanwhile comes first, and this is decided again.
      try transaction.require(layer.address, snapshot.revision(layer.address).map { .revision($0) } ?? .absent)
    }
    try transaction.delete(name.address, if: precondition == .none ? .present : precondition)
  }

  private static func isActive(
    _ name: ProfileName, in layer: Layer, _ snapshot: Snapshot
  ) throws(StoreError) -> Bool {
    try snapshot.document(layer.address)?.root[name.kind.name]?.string == name.id
  }

  private static func set(
    _ kind: ProfileKind, to id: String?, in layer: Layer, _ snapshot: Snapshot, _ transaction: inout Transaction
  ) throws(StoreError) {
    let change: JSONObject = [kind.name: id.map { .string($0) } ?? .null]
    if let revision = try snapshot.revision(layer.address) {
      try transaction.patch(layer.address, merging: .object(change), if: .revision(revision))
    } else if id != nil {
      try transaction.put(layer.address, .object(change), if: .absent)
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
