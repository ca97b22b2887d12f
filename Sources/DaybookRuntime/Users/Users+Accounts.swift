package import Daybook
import Documents

/// Accounts that there are, and what who looks after the store does with them.
extension Users {
  /// The accounts, oldest first, for who looks after the store.
  package func accounts(
    limit: Int = 50, after cursor: String? = nil, for caller: Caller
  ) throws(StoreError) -> Page {
    try caller.grant.checkAdministers()
    return try store.snapshot().query(
      Query(Account.collection).sorted(by: "/created_at").limited(to: OwnDocuments.pageLimit(limit)).after(cursor))
  }

  /// An account, for who looks after the store.
  package func account(_ name: String, for caller: Caller) throws(StoreError) -> Document {
    try caller.grant.checkAdministers()
    guard let account = AccountName(name), let document = try store.snapshot().document(Account.address(account.text))
    else { throw AccountError.missing(name) }
    return document
  }

  /// A user as the caller, so that who looks after the store does something for that user.
  package func caller(_ name: String, by caller: Caller) throws(StoreError) -> Caller {
    caller.acting(for: Account(try account(name, for: caller), store: store.id).caller)
  }

  /// The id of the user that a name is for: that of the account, in a store that has any; else anything is one.
  ///
  /// - Throws: `.notFound` for a name without an account.
  package static func id(of name: String, in snapshot: Snapshot) throws(StoreError) -> String {
    guard try snapshot.hasAccounts() else { return name }
    guard let account = AccountName(name), try snapshot.revision(Account.address(account.text)) != nil else {
      throw AccountError.missing(name)
    }
    return account.text
  }

  /// The caller's own account.
  package func account(of caller: Caller) throws(StoreError) -> Document {
    guard let document = try store.snapshot().document(Account.address(caller.user)) else {
      throw Snapshot.missing(Account.address(caller.user))
    }
    return document
  }

  /// Changes what an account may do, for who looks after the store. What its user signed in with ends.
  ///
  /// - Throws: `.refused` for the caller's own account, so that there always is an owner.
  @discardableResult
  package func change(
    _ name: String, role: Grant.Role? = nil, isDisabled: Bool? = nil, by caller: Caller
  ) async throws -> Document {
    try caller.grant.checkAdministers()
    guard role != .agent else { throw StoreError(.refused, "An account is an owner's or a member's.") }
    guard AccountName(name)?.text != caller.user else {
      throw caller.isLocal
        ? StoreError(.refused, "'\(caller.user)' stays an owner: the store belongs to that account.")
        : StoreError(.refused, "You cannot change what your own account may do.")
    }
    return try await changeAccount(name, by: caller) { _, members in
      if let role { members["role"] = .string(role.rawValue) }
      if let isDisabled { members["status"] = isDisabled ? "disabled" : "active" }
    }
  }

  /// Sets members of an account, and ends what its user signed in with.
  ///
  /// - Parameter endingAgents: whether tokens of agents end as well.
  func changeAccount(
    _ id: String, by caller: Caller, endingAgents: Bool = false, _ decide: (Account, inout JSONObject) throws -> Void
  ) async throws -> Document {
    let moment = JSONValue.string(now().text)
    let receipt = try await store.change(for: caller) { snapshot, transaction in
      guard let name = AccountName(id), let document = try snapshot.document(Account.address(name.text)) else {
        throw AccountError.missing(id)
      }
      let account = Account(document, store: store.id)
      var members: JSONObject = ["token_version": .number(JSONNumber(account.tokenVersion + 1)), "updated_at": moment]
      try decide(account, &members)
      try transaction.set(members, of: "\(document.address)", if: .revision(document.revision))
      guard endingAgents else { return }
      let agents = try tokens.newest(where: ["/purpose": OpaqueToken.Purpose.agent.rawValue], of: account.caller)
      for address in try snapshot.addresses(agents) { try transaction.delete("\(address)", if: .none) }
    }
    return try store.document(writtenBy: receipt)
  }
}
