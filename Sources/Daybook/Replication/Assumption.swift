import Documents
import Git

/// What a write has taken for granted of a file: with a precondition, or because it was worked out from what was there. If
/// another node has changed the file before the hub took the write, it must not stand.
struct Assumption: Sendable, Hashable {
  enum Expectation: Sendable, Hashable {
    /// That it is just as it was.
    case unchanged
    /// That it is there, whatever it holds.
    case present
  }

  let path: String
  let expectation: Expectation

  /// Whether it still holds on top of what the hub has.
  ///
  /// A file that the other node made the same of as the write found here counts as changed: what the write found was the
  /// work of another write, which does not stand either.
  ///
  /// - Parameters:
  ///   - theirs: the revision that the hub has of the file.
  ///   - bases: those that both have in common.
  func holds(_ theirs: ObjectID?, since bases: [ObjectID?]) -> Bool {
    switch expectation {
    case .unchanged: bases.allSatisfy { $0 == theirs }
    case .present: theirs != nil
    }
  }
}

extension PreparedTransaction {
  /// What it takes for granted, by these kinds. What it only adds to a series, or writes whatever is there, is nothing.
  func assumptions(_ kinds: Kinds) throws(StoreError) -> [Assumption] {
    var assumptions: Set<Assumption> = []
    for operation in operations { assumptions.formUnion(try self.assumptions(of: operation, kinds)) }
    return assumptions.sorted { $0.path < $1.path }
  }

  private func assumptions(of operation: Operation, _ kinds: Kinds) throws(StoreError) -> [Assumption] {
    switch operation {
    case .put(let address, _, let precondition), .patch(let address, _, let precondition),
      .delete(let address, let precondition), .require(let address, let precondition):
      guard let expectation = precondition.expectation else { return [] }
      let path = try StoreLayout.path(of: address, kinds.kind(of: address.collection.text))
      return [Assumption(path: path, expectation: expectation)]
    case .restore(let restoration):
      return [Assumption(path: restoration.path, expectation: .unchanged)]
    case .replaceItems(let address, let series, _, .some, _), .segment(let address, let series, _, _, .known):
      let folder = try StoreLayout.folder(ofSeries: series, in: address, kinds.kind(of: address.collection.text))
      return changes.filter { $0.path.hasPrefix(folder + "/") }
        .map { Assumption(path: $0.path, expectation: .unchanged) }
    case .append, .replaceItems, .segment, .reseal, .expire, .file, .keep: return []
    }
  }
}

extension Precondition {
  fileprivate var expectation: Assumption.Expectation? {
    switch self {
    case .none: nil
    case .absent, .revision: .unchanged
    case .present: .present
    }
  }
}
