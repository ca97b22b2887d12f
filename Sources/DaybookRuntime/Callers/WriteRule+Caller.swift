package import Daybook

extension WriteRule {
  /// What a caller may write, and has been granted.
  package init(for caller: Caller, in store: Store, _ entitlements: Entitlements) {
    self.init(
      before: { address, root throws(StoreError) in
        guard let address else { return try caller.grant.checkAdministers() }
        let collection = address.collection.text
        try caller.check(.write, in: collection)
        try caller.checkMayName(address)
        guard let root else { return }
        let ownership = try store.snapshot().ownership(of: address, root)
        if caller.may(.write, ownership, in: collection) { return }
        // It is told as if it were not there, unless the caller can see that it is.
        guard caller.may(.read, ownership, in: collection) else { throw Self.missing(address) }
        throw StoreError(.refused, "You may read '\(address)', and not write it.", document: "\(address)")
      },
      after: { address, root throws(StoreError) in
        let kind = try store.kinds.kind(of: address.collection.text)
        try entitlements.check(.writing(kind: kind.name), for: caller)
        try ProfileName.checkOwner(of: address, root)
        let ownership = try store.snapshot().ownership(of: address, root)
        if caller.may(.write, ownership, in: address.collection.text) { return }
        throw StoreError(
          .refused, "You may write only what belongs to you.", hint: "Set its member user to '\(caller.user)'.",
          document: "\(address)")
      })
  }
}
