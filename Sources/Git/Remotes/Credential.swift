/// What opens a remote. It never shows in a text, also not in that of an error or a dump.
package enum Credential: Equatable, Sendable {
  /// A password, or a token in its place.
  case password(user: String, password: String)
  /// Whatever keys the agent of ssh holds.
  case agent(user: String?)
  /// A private key of ssh; an empty passphrase for one that is not wrapped.
  case key(user: String?, file: String, passphrase: String)

  /// The user that it names by itself.
  package var user: String? {
    switch self {
    case .password(let user, _): user
    case .agent(let user), .key(let user, _, _): user
    }
  }
}

extension Credential: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  package var description: String {
    switch self {
    case .password: "a password"
    case .agent: "the agent of ssh"
    case .key(_, let file, _): "the key in \(file)"
    }
  }

  package var debugDescription: String { description }
  package var customMirror: Mirror { Mirror(self, children: []) }
}
