import Git

/// What a commit has to do with an earlier one: a trailer of its message, so that it survives restarts and travels with
/// the history, and nothing has to be remembered beside it.
///
/// ```
/// Daybook-Undoes: 8f3c2d1a90…
/// ```
public enum CommitReference: Hashable, Sendable {
  /// It takes back what that commit did.
  case reverts(CommitID)
  /// The same, as its author's last operation; it can be redone.
  case undoes(CommitID)
  /// It does again what that commit did, after it was undone.
  case redoes(CommitID)
  /// The store, or a part of it, goes back to what that commit left.
  case restores(CommitID)

  /// The other commit.
  public var commit: CommitID {
    switch self {
    case .reverts(let commit), .undoes(let commit), .redoes(let commit), .restores(let commit): commit
    }
  }

  /// One word for it, such as `undoes`.
  public var verb: String {
    switch self {
    case .reverts: "reverts"
    case .undoes: "undoes"
    case .redoes: "redoes"
    case .restores: "restores"
    }
  }

  private static let cases: [@Sendable (CommitID) -> CommitReference] = [
    { .reverts($0) }, { .undoes($0) }, { .redoes($0) }, { .restores($0) },
  ]

  init?(_ commit: Commit) {
    let none = CommitID(.zero)
    for make in Self.cases {
      guard let id = commit.trailer(make(none).key).flatMap({ ObjectID(hex: $0) }) else { continue }
      self = make(CommitID(id))
      return
    }
    return nil
  }

  var trailer: String { "\(key): \(commit)" }

  private var key: String { "Daybook-\(verb.prefix(1).uppercased())\(verb.dropFirst())" }
}
