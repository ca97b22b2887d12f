public import Documents
import Git

extension Snapshot {
  /// What a commit changed, against the one before it.
  public func changes(in commit: CommitSummary) throws(StoreError) -> [Change] {
    try ChangeReader(index: index, objects: objects).changes(of: commit)
  }

  /// What is different between two points, old first: in the whole store, or in one document and its series.
  ///
  /// Only folders that differ are read, and of one document only its own.
  public func changes(from old: Point, to new: Point, of address: String? = nil) throws(StoreError) -> [Change] {
    let reader = ChangeReader(index: index, objects: objects)
    let (before, after) = (try commit(at: old).commit.id, try commit(at: new))
    guard let address else { return try reader.changes(from: before, to: after) }
    return try reader.changes(of: kinds.address(address), from: before, to: after)
  }

  /// What a change did, member by member, and both texts, secrets masked: fit to be shown.
  public func difference(_ change: Change) throws(StoreError) -> Difference {
    let old = try change.before.map { revision throws(StoreError) in try content(revision.id, of: change.path) }
    let new = try change.after.map { revision throws(StoreError) in try content(revision.id, of: change.path) }
    guard case .document(let address) = change.subject else { return Difference(change, old, new) }
    let secrets = try kinds.kind(of: address.collection.text).secrets
    return try Difference(change, old, new) { text, earlier throws(StoreError) in
      try Sealer.mask(text, secrets: secrets, changedSince: earlier)
    }
  }
}

/// What is different in one file between two points.
public struct Difference: Sendable {
  /// The document's address, with the name of its series for a segment; or the path of a file that is none.
  public let name: String
  public let path: String
  /// The texts, in which `‹sealed›` stands for each secret, and `‹sealed, changed›` for one that is another one now; nil
  /// where there was none.
  public let old: [UInt8]?
  public let new: [UInt8]?
  /// Members that differ; none for what came or went whole, is no JSON, or differs in form only.
  public let members: [JSONChange]

  typealias Mask = (_ text: JSONText, _ earlier: JSONText?) throws(StoreError) -> JSONText

  /// A text that may hold secrets and cannot be read as JSON is not shown.
  private static let unreadable = Array("(not JSON, not shown)\n".utf8)

  init(_ change: Change, _ old: [UInt8]?, _ new: [UInt8]?) {
    name = change.name
    path = change.path
    (self.old, self.new) = (old, new)
    members = Self.members(old.flatMap { try? JSONText(parsing: $0) }, new.flatMap { try? JSONText(parsing: $0) })
  }

  init(_ change: Change, _ old: [UInt8]?, _ new: [UInt8]?, masking mask: Mask) throws(StoreError) {
    name = change.name
    path = change.path
    let (before, after) = (old.flatMap { try? JSONText(parsing: $0) }, new.flatMap { try? JSONText(parsing: $0) })
    let shownBefore = try before.map { text throws(StoreError) in try mask(text, nil) }
    let shownAfter = try after.map { text throws(StoreError) in try mask(text, before) }
    self.old = old == nil ? nil : shownBefore?.bytes ?? Self.unreadable
    self.new = new == nil ? nil : shownAfter?.bytes ?? Self.unreadable
    members = Self.members(shownBefore, shownAfter)
  }

  private static func members(_ old: JSONText?, _ new: JSONText?) -> [JSONChange] {
    guard let old, let new else { return [] }
    return JSONDiff.between(old.root, new.root)
  }
}
