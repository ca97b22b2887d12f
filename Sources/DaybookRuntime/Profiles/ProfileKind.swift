package import Daybook
import Documents

/// A kind of profiles: one whose collection lies in `profiles/`. Which there are, and what the environment says for them,
/// stands in their schemas alone.
package struct ProfileKind: Sendable {
  package let kind: Kind
  /// What people call it: `llm` for `profiles/llm`. The active profile's member of the runtime document bears it too.
  package let name: String

  /// What the addresses of all profiles begin with.
  package static let prefix = "profiles/"

  init?(_ kind: Kind) {
    guard kind.collection.text.hasPrefix(Self.prefix) else { return nil }
    self.kind = kind
    name = String(kind.collection.text.dropFirst(Self.prefix.count))
  }

  /// The kinds of profiles that a store knows.
  package static func all(in kinds: Kinds) -> [ProfileKind] { kinds.all.compactMap { ProfileKind($0) } }

  /// The kind of this name; throws `.notFound` with the known ones.
  package static func named(_ name: String, in kinds: Kinds) throws(StoreError) -> ProfileKind {
    let all = all(in: kinds)
    let wanted = name.hasPrefix(prefix) ? String(name.dropFirst(prefix.count)) : name
    if let found = all.first(where: { $0.name == wanted }) { return found }
    let names = all.map(\.name)
    let guess = closestMatch(to: wanted, in: names).map { "Did you mean '\($0)'? " } ?? ""
    throw StoreError(
      .notFound, "There are no profiles of the kind '\(name)'.",
      hint: "\(guess)The kinds are: \(names.joined(separator: ", ")).")
  }

  /// The one top-level member that is a secret; nil where there is none, or more than one.
  package var secret: Kind.Member? {
    let secrets = kind.members.filter { kind.isSecret($0.name) }
    return secrets.count == 1 ? secrets[0] : nil
  }

  /// The variables that stand in for a profile, as `A, B and C`.
  package var variables: String {
    let names = kind.environment.map(\.variable)
    guard let last = names.last, names.count > 1 else { return names.first ?? "" }
    return "\(names.dropLast().joined(separator: ", ")) and \(last)"
  }

  /// Refuses what can be no key: it goes into a header or an address, where a line end has no place.
  ///
  /// - Parameter name: what to call it; the secret itself is not told.
  package static func checkSecret(_ secret: String, called name: String) throws(StoreError) {
    guard secret.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else { return }
    throw StoreError(
      .invalid, "\(name) holds a control character, such as a line end, and no key has one.",
      hint: "Copy the key once more, without what is around it.")
  }

  package func address(_ id: String) -> String { "\(kind.collection)/\(id)" }
}

/// A profile by name: `llm/gpt-4o`.
package struct ProfileName: Sendable {
  package let kind: ProfileKind
  package let id: String

  package var address: String { kind.address(id) }
  package var text: String { "\(kind.name)/\(id)" }

  /// Reads `llm/gpt-4o`, or the whole address.
  package init(parsing text: String, _ kinds: Kinds) throws(StoreError) {
    let short = text.hasPrefix(ProfileKind.prefix) ? String(text.dropFirst(ProfileKind.prefix.count)) : text
    guard let slash = short.lastIndex(of: "/") else {
      throw StoreError(
        .usage, "'\(text)' does not name a profile: it needs a kind and an id, such as llm/gpt-4o.",
        hint: "The kinds are: \(ProfileKind.all(in: kinds).map(\.name).joined(separator: ", ")).")
    }
    kind = try ProfileKind.named(String(short[..<slash]), in: kinds)
    id = String(short[short.index(after: slash)...])
  }
}
