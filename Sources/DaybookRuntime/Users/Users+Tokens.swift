package import Daybook
package import Documents

extension Users {
  // MARK: Who comes with a token

  /// The caller that comes with a token: a user with an access token, or an agent with its own.
  ///
  /// - Throws: `.unauthenticated` for one that does not count; `.keyMissing` without the key ring.
  package func caller(bearing text: String) throws(StoreError) -> Caller {
    let snapshot = store.snapshot()
    if let token = OpaqueToken(parsing: text) {
      guard token.purpose == .agent else { throw AccountError.badToken }
      return try agent(token, in: snapshot)
    }
    let keys = try keys.current()
    let token: AccessToken
    do throws(AccessToken.Flaw) {
      token = try AccessToken(parsing: text, issuer: issuer, keys: keys, now: now().milliseconds / 1_000)
    } catch {
      throw error == .expired ? AccountError.expiredToken : AccountError.badToken
    }
    guard let document = try snapshot.document(tokens.address(token.session)),
      document.root["user"]?.string == token.user, let account = try account(of: document.root, in: snapshot),
      account.tokenVersion == token.tokenVersion
    else { throw AccountError.badToken }
    return account.caller
  }

  private func agent(_ token: OpaqueToken, in snapshot: Snapshot) throws(StoreError) -> Caller {
    guard let document = try snapshot.document(tokens.address(token.id)),
      document.root["purpose"]?.string == OpaqueToken.Purpose.agent.rawValue,
      try OpaqueToken.isDigest(document.root["digest"]?.string, of: token.secrets[0]),
      let account = try account(of: document.root, in: snapshot)
    else { throw AccountError.badToken }
    return account.agent(document.root["name"]?.string ?? "", scopes: Grant.Scope.all(in: document.root))
  }

  /// The account of a token's user, if the token's time is not over, it was not revoked and the account is in use.
  func account(of token: JSONNode, in snapshot: Snapshot) throws(StoreError) -> Account? {
    guard token["revoked_at"]?.string == nil,
      let expiry = token["expires_at"]?.string.flatMap({ Timestamp(parsing: $0) }), now() < expiry,
      let user = token["user"]?.string.flatMap({ AccountName($0) }),
      let account = try Account(user, in: snapshot, store: store.id), !account.isDisabled
    else { return nil }
    return account
  }

  // MARK: Tokens of agents

  /// How long a token of an agent counts at most.
  package static var agentTokenSeconds: Int64 { Limits.agentTokenSeconds }

  /// Makes a token with which an agent acts for the caller, within scopes.
  ///
  /// - Returns: the token's document, and its text, which cannot be had again.
  /// - Throws: `.refused` for an agent, and for a disabled account; `.limit` when the caller has too many, `.invalid` for
  ///   scopes that break a rule, or are about no collection that there is.
  package func makeAgentToken(
    _ name: String, scopes: [Grant.Scope], seconds: Int64, for caller: Caller
  ) async throws -> (document: Document, text: String) {
    guard caller.grant.scopes == nil else { throw StoreError(.refused, "An agent makes no tokens.") }
    guard admits(caller, hasUsers: true) else {
      throw StoreError(.refused, "The account '\(caller.user)' is disabled, so the token would not count.")
    }
    guard (1...Limits.agentTokenSeconds).contains(seconds) else {
      throw StoreError(.refused, "A token counts for 1 second to \(Limits.agentTokenSeconds / 86_400) days.")
    }
    guard try agentTokens(limit: Limits.agentTokens, for: caller).documents.count < Limits.agentTokens else {
      throw StoreError(.limit, "A user has at most \(Limits.agentTokens) tokens of agents.", hint: "Delete some.")
    }
    for scope in scopes { try check(scope) }
    let secret = try OpaqueToken.makeSecret()
    let document = try await tokens.create(
      [
        "purpose": "agent", "name": .string(name),
        "digest": .string(try OpaqueToken.digest(of: secret)), "scopes": .array(scopes.map(\.json)),
        "expires_at": .string(Timestamp(milliseconds: now().milliseconds + seconds * 1_000).text),
      ], for: caller)
    return (document, OpaqueToken(.agent, id: document.address.id.text, secrets: [secret]).text)
  }

  /// A scope that covers nothing would be found out when the agent fails.
  private func check(_ scope: Grant.Scope) throws(StoreError) {
    if store.kinds.all.contains(where: { scope.covers($0.collection.text) }) { return }
    throw StoreError(
      .invalid, "'\(scope.collection)' is no collection, nor are there any below it.",
      hint: "`daybook list` shows the collections; * stands for all.")
  }

  /// The tokens of the caller's agents, newest first.
  package func agentTokens(
    limit: Int = 50, after cursor: String? = nil, for caller: Caller
  ) throws(StoreError) -> Page {
    try list(.agent, limit, cursor, caller)
  }

  /// Where the caller has signed in, newest first; with those that are over, until they are swept.
  package func sessions(
    limit: Int = 50, after cursor: String? = nil, for caller: Caller
  ) throws(StoreError) -> Page {
    try list(.refresh, limit, cursor, caller)
  }

  /// Ends a token of the caller's own, of either purpose, at once.
  package func deleteToken(_ id: String, for caller: Caller) async throws {
    guard caller.grant.scopes == nil else { throw StoreError(.refused, "An agent ends no tokens.") }
    try await tokens.delete(id, if: nil, for: caller)
  }

  private func list(
    _ purpose: OpaqueToken.Purpose, _ limit: Int, _ cursor: String?, _ caller: Caller
  ) throws(StoreError) -> Page {
    guard caller.grant.scopes == nil else { throw StoreError(.refused, "An agent sees no tokens.") }
    let query = try tokens.newest(where: ["/purpose": purpose.rawValue], of: caller)
    return try store.snapshot().query(query.limited(to: OwnDocuments.pageLimit(limit)).after(cursor))
  }

  // MARK: For who looks after the store

  /// The tokens of everybody's agents, newest first.
  package func agentTokensOfAll(
    limit: Int = 50, after cursor: String? = nil, for caller: Caller
  ) throws(StoreError) -> Page {
    try caller.grant.checkAdministers()
    let query = try Query(tokens.collection).where("/purpose", .equals(.string(OpaqueToken.Purpose.agent.rawValue)))
      .sorted(by: "/created_at", .descending)
    return try store.snapshot().query(
      query.limited(to: OwnDocuments.pageLimit(limit)).examining(atMost: Limits.searchedDocuments).after(cursor))
  }

  /// Ends the token of anybody's agent, at once.
  ///
  /// - Throws: `.notFound` when there is none.
  package func endToken(_ id: String, by caller: Caller) async throws {
    try caller.grant.checkAdministers()
    guard UUIDv7(parsing: id) != nil, let token = try store.snapshot().document(tokens.address(id)),
      token.root["purpose"]?.string == OpaqueToken.Purpose.agent.rawValue
    else {
      throw StoreError(
        .notFound, "There is no agent's token '\(id)'.",
        hint: "`daybook token list` shows them; `daybook user revoke` ends what a person signed in with.")
    }
    let user = Caller(user: token.root["user"]?.string ?? Caller.ownerID, author: caller.author)
    try await tokens.delete(id, if: nil, for: caller.acting(for: user))
  }
}

extension Grant.Scope {
  /// For people: `tasks write`.
  package var words: String { "\(collection) \(access.rawValue)\(secrets ? " with secrets" : "")" }

  var json: JSONValue {
    ["collection": .string(collection), "access": .string(access.rawValue), "secrets": .bool(secrets)]
  }

  /// The scopes that a token's document names. One that is not understood gives nothing.
  package static func all(in token: JSONNode) -> [Grant.Scope] {
    (token["scopes"]?.elements.map { $0 } ?? []).compactMap { scope in
      guard let collection = scope["collection"]?.string,
        let access = scope["access"]?.string.flatMap(Grant.Access.init)
      else { return nil }
      return Grant.Scope(collection, access, secrets: scope["secrets"]?.bool ?? false)
    }
  }
}
