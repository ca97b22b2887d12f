import Documents
import Git

/// Brings texts of an older version of their kind to the version that the store has: those of a commit that was begun before
/// a migration, or of a file that an editor still had open.
///
/// A document carries no version. How old a text is says the first of these that can tell:
///
/// 1. `daybook.json` beside it, in the commit that brought this very text;
/// 2. the schema: a text that breaks the rules of its kind, and keeps them once the newest migrations are applied, as few
///    as do, is from before those.
///
/// A kind that was never migrated costs nothing. What keeps the rules as it stands, and comes from no older commit, is taken
/// for what it says: so a schema should name its members (`additionalProperties: false`).
struct Lifting {
  /// The version of each kind that was ever migrated.
  let versions: [String: Int]
  private let migrations: [Migration]
  private let sealer: Sealer

  init(at commit: ObjectID?, _ objects: ObjectReader, _ sealer: Sealer) throws(StoreError) {
    let state = try commit.map { commit throws(StoreError) in try MigrationState(at: commit, objects) }
    try self.init(to: state?.versions ?? [:], by: state?.files ?? [:], sealer)
  }

  /// - Parameter files: Those under `migrations/`, by name.
  init(to versions: [String: Int], by files: [String: [UInt8]], _ sealer: Sealer) throws(StoreError) {
    self.versions = versions.filter { $0.value > 0 }
    migrations = self.versions.isEmpty ? [] : try MigrationState.migrations(in: files)
    self.sealer = sealer
  }

  func hasMigrated(_ kind: Kind) -> Bool { versions[kind.name] != nil }

  /// The text in the form of the version that the store has.
  ///
  /// - Parameter version: The one that it has itself, if a commit says so.
  /// - Throws: `.keyMissing` when a secret comes to another place, and its key is not here.
  func lifted(
    _ text: JSONText, of kind: Kind, at address: DocumentAddress, from version: Int?
  ) throws(StoreError) -> JSONText {
    guard let newest = versions[kind.name] else { return text }
    let steps = migrations.filter { $0.kind == kind.name && $0.number <= newest }
    if let version {
      return try resealed(text, Self.applied(steps.filter { $0.number > version }, to: text), kind, address)
    }
    if Self.fits(text, kind) { return text }
    for first in steps.indices.reversed() {
      let candidate = Self.applied(Array(steps[first...]), to: text)
      if Self.fits(candidate, kind) { return try resealed(text, candidate, kind, address) }
    }
    return text
  }

  static func applied(_ steps: [Migration], to text: JSONText) -> JSONText {
    let value = text.root.value
    let lifted = steps.reduce(value) { $1.applied(to: $0) }
    return lifted == value ? text : text.changing(to: lifted)
  }

  private static func fits(_ text: JSONText, _ kind: Kind) -> Bool {
    kind.schema.validate(text.root, maximumViolations: 1).isEmpty
  }

  private func resealed(
    _ old: JSONText, _ new: JSONText, _ kind: Kind, _ address: DocumentAddress
  ) throws(StoreError) -> JSONText {
    try sealer.resealingMoved(from: [old], to: new, secrets: kind.secrets, address: address)
  }
}
