package import Daybook
package import Documents

/// The profile that is in effect, and where each member comes from.
///
/// The active profile decides, as a whole: the environment never completes it, so that a key never goes to an endpoint that
/// it was not meant for. Without one, the variables that the kind's schema names stand in. Members that neither gives have
/// the default of the schema.
package struct ResolvedProfile: Sendable {
  package let kind: ProfileKind
  package let source: Source
  package let members: [Member]
  /// What whoever reads the profile should know.
  package let notes: [String]

  package enum Source: Sendable, Equatable {
    case profile(id: String)
    case environment
  }

  package struct Member: Sendable {
    package let name: String
    package let value: JSONValue
    package let origin: Origin
    package let isSecret: Bool
  }

  package enum Origin: Sendable, Equatable {
    case profile
    case variable(String)
    case schema
  }

  package subscript(name: String) -> JSONValue? { members.first { $0.name == name }?.value }

  /// What stands in for a secret of the environment wherever it is shown.
  package static let mask = "‹hidden›"

  /// The same without the values of secrets.
  package var masked: ResolvedProfile {
    ResolvedProfile(
      kind: kind, source: source,
      members: members.map { member in
        guard member.isSecret, case .variable = member.origin else { return member }
        return Member(name: member.name, value: .string(Self.mask), origin: member.origin, isSecret: true)
      }, notes: notes)
  }
}

// MARK: Deciding

extension ResolvedProfile {
  /// What the runtime document says of a kind.
  package enum Active: Sendable {
    case none
    case profile(id: String, JSONNode)
    /// The profile that it names is not there.
    case missing(id: String)
  }

  /// Decides what is in effect: nothing but its arguments counts.
  ///
  /// - Throws: `.notFound` when nothing is configured, naming both ways; `.invalid` for a variable that breaks the rule of
  ///   its member.
  package init(
    _ kind: ProfileKind, _ active: Active, environment: [String: String]
  ) throws(StoreError) {
    var notes: [String] = []
    switch active {
    case .profile(let id, let node):
      self.init(kind, .profile(id: id), Self.members(of: node, kind), [])
      return
    case .missing(let id):
      notes.append("The active profile '\(kind.name)/\(id)' is not there; the environment is asked.")
    case .none: break
    }
    let members = try Self.members(from: environment, kind)
    guard !members.isEmpty else { throw Self.notConfigured(kind, active) }
    for member in kind.kind.members where member.isRequired && !members.contains(where: { $0.name == member.name }) {
      guard let variable = kind.kind.environment.first(where: { $0.member.tokens == [member.name] })?.variable else {
        continue
      }
      if member.defaultValue == nil { notes.append("\(variable) is not set, so there is no \(member.name).") }
    }
    self.init(kind, .environment, members, notes)
  }

  /// Completes the members with the schema's defaults, and puts all in the schema's order.
  private init(_ kind: ProfileKind, _ source: Source, _ given: [Member], _ notes: [String]) {
    var members: [Member] = []
    for known in kind.kind.members where known.name != "$schema" {
      if let member = given.first(where: { $0.name == known.name }) {
        members.append(member)
      } else if let value = known.defaultValue {
        members.append(Member(name: known.name, value: value, origin: .schema, isSecret: false))
      }
    }
    let unknown = given.filter { member in !kind.kind.members.contains { $0.name == member.name } }
    self.init(kind: kind, source: source, members: members + unknown, notes: notes)
  }

  private static func members(of node: JSONNode, _ kind: ProfileKind) -> [Member] {
    node.members.map { member in
      Member(
        name: member.key, value: member.value.value, origin: .profile, isSecret: kind.kind.isSecret(member.key))
    }
  }

  /// Variables that are empty count as not set.
  private static func members(
    from environment: [String: String], _ kind: ProfileKind
  ) throws(StoreError) -> [Member] {
    var members: [Member] = []
    for (pointer, variable) in kind.kind.environment {
      guard let name = pointer.tokens.first, pointer.tokens.count == 1, let text = environment[variable], !text.isEmpty
      else { continue }
      try check(text, of: name, variable, kind)
      if kind.kind.isSecret(name) { try ProfileKind.checkSecret(text, called: "The variable \(variable)") }
      members.append(
        Member(name: name, value: .string(text), origin: .variable(variable), isSecret: kind.kind.isSecret(name)))
    }
    return members
  }

  private static func check(
    _ text: String, of name: String, _ variable: String, _ kind: ProfileKind
  ) throws(StoreError) {
    let document = JSONText(formatting: .object([name: .string(text)]))
    guard let violation = kind.kind.violations(of: document.root).first(where: { $0.pointer.tokens.first == name })
    else { return }
    throw StoreError(
      .invalid, "The variable \(variable) cannot be the \(name) of a profile: \(violation.message).",
      hint: "Correct it, or choose a profile with `daybook profile use`.")
  }

  private static func notConfigured(_ kind: ProfileKind, _ active: Active) -> StoreError {
    let reason =
      if case .missing(let id) = active {
        "the active profile '\(kind.name)/\(id)' is not there, and the environment has none of \(kind.variables)"
      } else {
        "no profile is active, and the environment has none of \(kind.variables)"
      }
    return StoreError(
      .notFound, "The kind '\(kind.name)' is not configured: \(reason).",
      hint: "Choose a profile with `daybook profile use \(kind.name)/ID`, or set \(kind.variables).")
  }
}

extension ResolvedProfile {
  /// What is in effect in a store.
  ///
  /// - Parameters:
  ///   - user: for whom; nil for the store itself.
  ///   - revealing: whether its secrets are opened; else they are masked.
  package init(
    _ kind: ProfileKind, in snapshot: Snapshot, for user: String? = nil, environment: [String: String],
    revealing: Bool
  ) throws(StoreError) {
    let stored = try ActiveProfiles(in: snapshot, for: user).stored(kind)
    try self.init(kind, stored, in: snapshot, environment: environment, revealing: revealing)
  }

  /// The same of a profile that was read by itself.
  ///
  /// - Parameters:
  ///   - stored: what the store holds, read by itself: a store that cannot be read is answered for by the environment,
  ///     a secret that cannot be opened is not.
  ///   - revealing: whether its secrets are opened; else they are masked.
  package init(
    _ kind: ProfileKind, _ stored: ActiveProfiles.Stored, in snapshot: Snapshot, environment: [String: String],
    revealing: Bool
  ) throws(StoreError) {
    let active: Active =
      switch stored {
      case .none: .none
      case .missing(let id): .missing(id: id)
      case .profile(let id, let document):
        .profile(id: id, try revealing ? snapshot.revealed(document).root : snapshot.masked(document).root)
      }
    let profile = try ResolvedProfile(kind, active, environment: environment)
    self = revealing ? profile : profile.masked
  }

  /// A profile of the store, active or not.
  package init(_ name: ProfileName, in snapshot: Snapshot, revealing: Bool) throws(StoreError) {
    guard let document = try snapshot.document(name.address) else {
      throw StoreError(
        .notFound, "There is no profile '\(name.text)'.",
        hint: "`daybook profile list \(name.kind.name)` shows those there are.", document: name.address)
    }
    let text = try revealing ? snapshot.revealed(document) : snapshot.masked(document)
    try self.init(name.kind, .profile(id: name.id, text.root), environment: [:])
  }

  /// What is in effect while the store cannot be opened: what the environment says, by the kinds that Daybook ships.
  ///
  /// - Throws: the store's own error, with a word about the environment, when that says nothing.
  package init(
    _ name: String, withoutStore reason: StoreError, environment: [String: String], revealing: Bool
  ) throws(StoreError) {
    let kind = try ProfileKind.named(name, in: try Kinds.shipped())
    do {
      let found = try ResolvedProfile(kind, .none, environment: environment)
      let note = "\(reason.message) The environment answers instead."
      let profile = ResolvedProfile(
        kind: kind, source: found.source, members: found.members, notes: [note] + found.notes)
      self = revealing ? profile : profile.masked
    } catch  where error.code == .notFound {
      var error = reason
      let word = "Without it the environment is asked, which has none of \(kind.variables)."
      error.hint = reason.hint.map { "\($0) \(word)" } ?? word
      throw error
    }
  }
}
