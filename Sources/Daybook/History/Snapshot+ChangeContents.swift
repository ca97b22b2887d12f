package import Documents

extension Snapshot {
  /// A document's text as a change left it, or had found it; nil when that is no JSON, as plain Git may have committed.
  package func text(of address: DocumentAddress, at revision: Revision) throws(StoreError) -> JSONText? {
    do throws(StoreError) {
      return try text(revision.id, of: address)
    } catch {
      guard error.code == .invalid else { throw error }
      return nil
    }
  }

  /// The items that a change of a segment added at its end; nil when it did something else with it.
  package func appendedItems(in change: Change) throws(StoreError) -> [JSONValue]? {
    guard case .series(_, let address) = change.subject, let after = change.after else { return nil }
    let old = try change.before.flatMap { before throws(StoreError) in try text(of: address, at: before) }?.root
    guard let new = try text(of: address, at: after)?.root else { return nil }
    let count = old?.count ?? 0
    guard new.count > count else { return nil }
    let items = Array(new.elements)
    let isSame = zip(items, old.map { Array($0.elements) } ?? []).allSatisfy { $0.isEqual(to: $1) }
    return isSame ? items.dropFirst(count).map(\.value) : nil
  }
}
