package import Daybook
import Documents

extension WriteRule {
  /// What a caller may write as documents, and has been granted. Beside whose a document is (`Visibility`), it looks at what
  /// becomes of it:
  ///
  /// | member | changed by |
  /// | --- | --- |
  /// | settings of `users` and `entitlements` | who looks after the store |
  /// | other settings | whose tier grants them |
  /// | `readOnly` | no agent |
  package init(for caller: Caller, in store: Store, _ entitlements: Entitlements) {
    self.init(
      before: { address, root throws(StoreError) in
        guard let address else { return try caller.grant.checkAdministers() }
        let collection = address.collection.text
        try caller.check(.write, in: collection)
        try caller.checkMayName(address)
        try caller.checkWritesDocuments(of: collection)
        guard let root else { return }
        let ownership = try store.snapshot().ownership(of: address, root)
        if caller.may(.write, ownership, in: collection) { return }
        // It is told as if it were not there, unless the caller can see that it is.
        guard caller.may(.read, ownership, in: collection) else { throw Self.missing(address) }
        throw StoreError(.refused, "You may read '\(address)', and not write it.", document: "\(address)")
      },
      after: { address, before, after throws(StoreError) in
        let kind = try store.kinds.kind(of: address.collection.text)
        if let after {
          try entitlements.check(.writing(kind: kind.name), for: caller)
          try ProfileName.checkOwner(of: address, after)
          try caller.checkMayLeave(address, try store.snapshot().ownership(of: address, after))
        }
        if caller.grant.role == .agent { try kind.checkLeavesReadOnlyMembers(of: address, before, after) }
        try entitlements.check(SettingsChange(of: address, from: before, to: after), for: caller)
      })
  }
}

extension Caller {
  /// Whether a plan takes back nothing that only the rules of its kind write.
  package func mayWriteDocuments(of plan: HistoryPlan) -> Bool {
    grant.administers || !plan.documents.contains { Grant.isRuled($0.collection.text) }
  }

  /// - Throws: `.refused` for a collection that only the rules of its kind write.
  fileprivate func checkWritesDocuments(of collection: String) throws(StoreError) {
    guard Grant.isRuled(collection), !grant.administers else { return }
    throw StoreError(
      .refused, "Documents of '\(collection)' are not written as such.",
      hint: "There are addresses for what is done with them; /docs shows them.")
  }

  fileprivate func checkMayLeave(_ address: DocumentAddress, _ ownership: Ownership) throws(StoreError) {
    if may(.write, ownership, in: address.collection.text) { return }
    throw StoreError(
      .refused, "You may write only what belongs to you.", hint: "Set its member user to '\(user)'.",
      document: "\(address)")
  }
}

extension Kind {
  /// `user` is not looked at: whose a document is has a rule of its own.
  fileprivate func checkLeavesReadOnlyMembers(
    of address: DocumentAddress, _ before: JSONNode?, _ after: JSONNode?
  ) throws(StoreError) {
    guard let after else { return }
    let members = (before.map(readOnlyMembers) ?? []) + readOnlyMembers(of: after)
    for member in members where member != JSONPointer(["user"]) && before?[member]?.value != after[member]?.value {
      throw StoreError(.refused, "No agent writes the member \(member) of '\(address)'.", document: "\(address)")
    }
  }
}

extension Entitlements {
  fileprivate func check(_ change: SettingsChange, for caller: Caller) throws(StoreError) {
    if change.isGuarded, !caller.grant.administers {
      throw StoreError(.refused, "Only an owner changes settings of users and entitlements.")
    }
    for name in change.names { try check(.setting(name), for: caller) }
  }
}
