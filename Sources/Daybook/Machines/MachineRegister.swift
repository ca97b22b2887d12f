import Documents
import Git

/// The register of a remote: how far each machine that syncs with it has come. By it folding knows whose history it must
/// not cut; see `FoldTips`.
///
/// ```
/// refs/daybook/machines/<place>            at the remote: the position of the machine, whose name is `Store.place`
/// refs/daybook/machines/<remote>/<place>   here: the same, as it was when the remote was fetched last
/// ```
///
/// A position is a commit that both the machine's branch and the remote's hold. Neither ever loses it, so whatever is made on
/// the machine and whatever is made elsewhere both come from it: a merge of the two has it, or a later one, for its base. One
/// that is behind is as safe, and keeps more. So a position goes along with each push, without a round-trip more; a machine that
/// only reads puts it there once in `Limits.registerIntervalSeconds`. A remote that does not take it syncs all the same.
///
/// It is a courtesy among machines that trust the remote: who writes there can move and remove them. Two
/// machines that were made of one image of a file system have one place: then others count the one that synced last.
enum MachineRegister {
  static let references = "refs/daybook/machines/"

  private static let longestName = 64

  /// The ref of a machine at the remote.
  static func reference(of machine: String) -> String { "\(references)\(machine)" }

  /// The ref here of a machine that syncs with a remote.
  static func reference(of machine: String, at remote: RemoteName) -> String { "\(references)\(remote)/\(machine)" }

  /// Whether a text can be the name of a machine: of lower-case letters, digits and `-`.
  static func isName(_ text: Substring) -> Bool {
    (1...longestName).contains(text.utf8.count)
      && text.utf8.allSatisfy {
        switch $0 {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"): true
        default: false
        }
      }
  }

  /// The remote and the machine that a ref here is about; nil for any other ref.
  static func entry(_ reference: String) -> (remote: String, machine: String)? {
    guard reference.hasPrefix(references) else { return nil }
    let names = reference.dropFirst(references.count).split(separator: "/", omittingEmptySubsequences: false)
    guard names.count == 2, isName(names[1]) else { return nil }
    return (String(names[0]), String(names[1]))
  }

  /// What a remote says. Of more machines than are counted the first by name are taken: names begin with a time, so these are
  /// the copies that were made first, and most likely to have been away for long.
  static func positions(in listing: Remote.Listing) -> [String: ObjectID] {
    let found = listing.references.filter {
      $0.name.hasPrefix(references) && isName($0.name.dropFirst(references.count))
    }
    let counted = found.sorted { $0.name < $1.name }.prefix(Limits.registeredMachines)
    return Dictionary(counted.map { (String($0.name.dropFirst(references.count)), $0.id) }) { first, _ in first }
  }

  // MARK: Between processes

  static func json(_ positions: [String: ObjectID]) -> JSONValue {
    let members = positions.sorted { $0.key < $1.key }.map { (key: $0.key, value: JSONValue.string($0.value.hex)) }
    return .object(JSONObject(members))
  }

  /// Nil for what is none.
  static func positions(_ node: JSONNode?) -> [String: ObjectID]? {
    var positions: [String: ObjectID] = [:]
    for member in node.map({ Array($0.members) }) ?? [] {
      guard isName(member.key[...]), let id = member.value.string.flatMap({ ObjectID(hex: $0) }) else { return nil }
      positions[member.key] = id
    }
    return positions.count <= Limits.registeredMachines ? positions : nil
  }
}

extension Repository {
  /// Those of a remote's positions that the history of its branch holds here. One that is not, such as from before where the
  /// history was cut, can be kept by nobody any more; one that is too far back to be looked for is not counted.
  func held(_ positions: [String: ObjectID], by tip: ObjectID) throws(GitError) -> [String: ObjectID] {
    let here = positions.filter { knowsCommit($0.value) }
    if here.isEmpty { return [:] }
    let ancestors = try ancestors(of: tip, among: Set(here.values), limit: Limits.registerCommits)
    return here.filter { ancestors.contains($0.value) }
  }
}
