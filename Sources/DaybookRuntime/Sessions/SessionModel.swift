import Daybook
import Documents

/// The LLM configuration that is in force in a conversation: by profile and revision. With these the history has all of it,
/// and the key stays where it is, sealed.
enum SessionModel {
  /// - Parameter profile: its id; nil for the one that is active for the caller.
  /// - Returns: nil when none is named and none is active, or the active one is not there.
  static func inForce(
    _ profile: String?, in snapshot: Snapshot, for caller: Caller
  ) throws(StoreError) -> JSONValue? {
    let kind = try ProfileKind.named("llm", in: snapshot.kinds)
    guard let id = profile else {
      guard case .profile(let id, let document) = try ActiveProfiles(in: snapshot, for: caller.user).stored(kind)
      else { return nil }
      return json(id, document)
    }
    guard let document = try snapshot.document(kind.address(id)),
      try caller.has(.read, to: snapshot.ownership(of: document.address, document.root))
    else { throw StoreError(.notFound, "There is no profile '\(kind.name)/\(id)'.", document: kind.address(id)) }
    return json(id, document)
  }

  private static func json(_ id: String, _ document: Document) -> JSONValue {
    ["profile": .string(id), "revision": .string("\(document.revision)")]
  }
}
