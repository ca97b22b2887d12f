import Daybook
import Documents

/// The LLM configuration that is in force in a conversation: by profile and revision. With these the history has all of it,
/// and the key stays where it is, sealed.
enum SessionModel {
  /// - Parameter profile: its id; nil for the active one.
  /// - Returns: nil when none is named and none is active, or the active one is not there.
  static func inForce(_ profile: String?, in snapshot: Snapshot) throws(StoreError) -> JSONValue? {
    let kind = try ProfileKind.named("llm", in: snapshot.kinds)
    let active = try ActiveProfiles(in: snapshot).id(of: kind)
    guard let id = profile ?? active else { return nil }
    guard let revision = try snapshot.revision(kind.address(id)) else {
      if profile == nil { return nil }
      throw StoreError(.notFound, "There is no profile '\(kind.name)/\(id)'.", document: kind.address(id))
    }
    return ["profile": .string(id), "revision": .string("\(revision)")]
  }
}
