extension KeyRing {
  /// Where the ring of a store is: never inside the repository, so that no push takes it along.
  enum Location: Equatable, Sendable, CustomStringConvertible {
    /// The variable `DAYBOOK_KEYS` holds the text of the ring itself, as services like it.
    case environment
    /// A file: what `DAYBOOK_KEYS_FILE` names, else `daybook/keys/<store id>.json` in the user's config folder.
    case file(String)
    /// There is no config folder: the store opens, but nothing is sealed.
    case nowhere

    static let textVariable = "DAYBOOK_KEYS"
    static let fileVariable = "DAYBOOK_KEYS_FILE"

    /// A variable that is empty counts as unset. The id is one that `Manifest` lets through: it cannot lead out of the
    /// folder.
    init(storeID: String, environment: [String: String]) {
      func value(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
      if value(Self.textVariable) != nil {
        self = .environment
      } else if let path = value(Self.fileVariable) {
        self = .file(path)
      } else {
        self = UserFolder.configuration(environment).map { .file("\($0)/daybook/keys/\(storeID).json") } ?? .nowhere
      }
    }

    /// For messages: the path of the file, or the variable.
    var description: String {
      switch self {
      case .environment: "the environment variable \(Self.textVariable)"
      case .file(let path): path
      case .nowhere: "the file that \(Self.fileVariable) names, as neither HOME nor XDG_CONFIG_HOME is set"
      }
    }
  }
}
