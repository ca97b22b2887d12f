package import Daybook
import Documents

/// What a client gets that has signed in, or renewed that.
package struct SignedIn: Sendable {
  package let caller: Caller
  /// To be shown with each request, as `Authorization: Bearer`.
  package let accessToken: String
  /// How long it counts, in seconds.
  package let expiresInSeconds: Int64
  /// Gets the next two, once.
  package let refreshToken: String
}

extension Users {
  /// Signs a user in.
  ///
  /// - Parameters:
  ///   - address: where the client comes from, for the throttle.
  ///   - client: what the user sees of it in a list of tokens.
  /// - Throws: `.unauthenticated`, the same for every reason; `.throttled`, `.busy`; `.keyMissing` without the key ring.
  package func signIn(
    _ name: String, password: [UInt8], from address: String, client: String? = nil
  ) async throws -> SignedIn {
    // Without the ring nobody can sign in; that shows before it shows which accounts there are.
    _ = try keys.signing()
    return try await signIn(try await checked(AccountName(name), password, address), client: client)
  }

  /// The account that a name and a password belong to, if it is not tried too often.
  private func checked(_ name: AccountName?, _ password: [UInt8], _ address: String) async throws -> Account {
    try begin(account: name?.text, address)
    do {
      let account = try await checked(name, password)
      succeed(account: name?.text, address)
      return account
    } catch let error as StoreError where error.code != .unauthenticated {
      takeBack(account: name?.text, address)
      throw error
    }
  }

  private func checked(_ name: AccountName?, _ password: [UInt8]) async throws -> Account {
    let snapshot = store.snapshot()
    let document = try name.flatMap { name throws(StoreError) in try snapshot.document(Account.address(name.text)) }
    let hash = try document.flatMap { document throws(StoreError) in
      try snapshot.revealed(document).root["password_hash"]?.string
    }
    let matches = try await passwords.matches(password, hash)
    guard matches, let document else { throw AccountError.notSignedIn }
    let account = Account(document, store: store.id)
    if account.isDisabled { throw AccountError.notSignedIn }
    if let hash, !passwords.isUpToDate(hash) { await renewHash(of: document, password) }
    return account
  }

  /// Gives a password a text of today's cost; only here is the password known. What fails is done the next time.
  private func renewHash(of document: Document, _ password: [UInt8]) async {
    guard let hash = try? await passwords.text(for: password) else { return }
    _ = try? await store.transaction(author: .store, origin: .service) { transaction in
      try transaction.set(["password_hash": .string(hash)], of: "\(document.address)", if: .revision(document.revision))
    }
  }

  private func signIn(_ account: Account, client: String?) async throws -> SignedIn {
    let family = try OpaqueToken.makeSecret()
    let secret = try OpaqueToken.makeSecret()
    var members: JSONObject = [
      "purpose": "refresh", "digest": .string(try OpaqueToken.digest(of: secret)),
      "family_digest": .string(try OpaqueToken.digest(of: family)),
      "token_version": .number(JSONNumber(account.tokenVersion)),
      "expires_at": .string(expiry(ofTokenFrom: now()).text),
    ]
    members["name"] = client.map { .string($0) }
    let document = try await tokens.create(members, for: account.caller.asService)
    let id = document.address.id.text
    return try signedIn(account, session: id, OpaqueToken(.refresh, id: id, secrets: [family, secret]))
  }

  func signedIn(_ account: Account, session: String, _ refresh: OpaqueToken) throws(StoreError) -> SignedIn {
    let seconds = now().milliseconds / 1_000
    let lifetime = min(options.accessSeconds, Limits.accessTokenSeconds)
    let token = AccessToken(
      user: account.id, session: session, tokenVersion: account.tokenVersion, issuedAt: seconds,
      expiresAt: seconds + lifetime)
    return SignedIn(
      caller: account.caller, accessToken: try token.text(issuer: issuer, key: keys.signing()),
      expiresInSeconds: lifetime, refreshToken: refresh.text)
  }

  // MARK: Renewing

  /// Gives the next two tokens for a refresh token, which counts no longer then. For a moment (`Limits.refreshGraceMilliseconds`) it
  /// gives the very same once more, for a client that lost the answer, or that asks in two windows at once.
  ///
  /// - Throws: `.unauthenticated` for one that does not count. If it was used before, its whole family ends.
  package func refresh(_ text: String) async throws -> SignedIn {
    guard let token = OpaqueToken(parsing: text), token.purpose == .refresh else { throw AccountError.badToken }
    let next = OpaqueToken(
      .refresh, id: token.id, secrets: [token.secrets[0], try keys.successor(of: token.secrets[1])])
    var renewed: Account?
    _ = try await changeToken(token) { document, account, members in
      if try OpaqueToken.isDigest(document["digest"]?.string, of: token.secrets[1]) {
        members["digest"] = .string(try OpaqueToken.digest(of: next.secrets[1]))
        members["previous_digest"] = document["digest"]?.value
        members["renewed_at"] = .string(now().text)
        members["expires_at"] = .string(expiry(ofTokenFrom: created(document)).text)
        renewed = account
      } else if try wasJustRenewed(document, from: token, to: next) {
        renewed = account
      } else {
        members["revoked_at"] = .string(now().text)
        renewed = nil
      }
    }
    guard let renewed else { throw AccountError.badToken }
    return try signedIn(renewed, session: token.id, next)
  }

  /// Whether a token was renewed a moment ago, and gave this next one.
  private func wasJustRenewed(
    _ document: JSONNode, from token: OpaqueToken, to next: OpaqueToken
  ) throws(StoreError) -> Bool {
    guard let renewed = document["renewed_at"]?.string.flatMap({ Timestamp(parsing: $0) }),
      now().milliseconds - renewed.milliseconds < Limits.refreshGraceMilliseconds
    else { return false }
    guard try OpaqueToken.isDigest(document["previous_digest"]?.string, of: token.secrets[1]) else { return false }
    return try OpaqueToken.isDigest(document["digest"]?.string, of: next.secrets[1])
  }

  /// Ends what followed from one signing in. A token that does not count is nothing to end.
  package func signOut(_ text: String) async throws {
    guard let token = OpaqueToken(parsing: text), token.purpose == .refresh else { return }
    do {
      _ = try await changeToken(token) { _, _, members in members["revoked_at"] = .string(now().text) }
    } catch let error as StoreError where error.code == .unauthenticated {
      return
    }
  }

  /// Ends everything that a user signed in with: the caller's own, or, for who looks after the store, anybody's.
  ///
  /// - Parameter endingAgents: whether tokens of agents end as well.
  @discardableResult
  package func signOutEverywhere(
    _ user: String, by caller: Caller, endingAgents: Bool = false
  ) async throws -> Document {
    if user != caller.user { try caller.grant.checkAdministers() }
    guard caller.grant.role != .agent else { throw StoreError(.refused, "An agent signs nobody out.") }
    return try await changeAccount(user, by: caller, endingAgents: endingAgents) { _, _ in }
  }

  /// Changes the document of a refresh token that counts, as far as its family goes.
  private func changeToken(
    _ token: OpaqueToken, _ decide: (JSONNode, Account, inout JSONObject) throws -> Void
  ) async throws -> Receipt {
    guard let found = try store.snapshot().document(tokens.address(token.id)),
      let caller = try account(of: found.root, in: store.snapshot())?.caller.asService
    else { throw AccountError.badToken }
    return try await store.change(for: caller) { snapshot, transaction in
      guard let document = try snapshot.document(tokens.address(token.id)),
        document.root["purpose"]?.string == OpaqueToken.Purpose.refresh.rawValue,
        try OpaqueToken.isDigest(document.root["family_digest"]?.string, of: token.secrets[0]),
        let account = try account(of: document.root, in: snapshot),
        document.root["token_version"]?.integer == account.tokenVersion
      else { throw AccountError.badToken }
      var members: JSONObject = ["updated_at": .string(now().text)]
      try decide(document.root, account, &members)
      try transaction.set(members, of: "\(document.address)", if: .revision(document.revision))
    }
  }

  // MARK: Passwords

  /// Changes the caller's password, ends everything that the caller signed in with, and signs in anew.
  ///
  /// - Parameter endingAgents: whether tokens of agents end as well: whoever knew the password may have made some.
  package func changePassword(
    from old: [UInt8], to new: [UInt8], for caller: Caller, address: String, client: String? = nil,
    endingAgents: Bool = false
  ) async throws -> SignedIn {
    guard caller.grant.role != .agent, let name = AccountName(caller.user) else {
      throw StoreError(.refused, "Only a person has a password.")
    }
    _ = try await checked(name, old, address)
    let document = try await setPassword(new, of: name.text, by: caller.asService, endingAgents: endingAgents)
    return try await signIn(Account(document, store: store.id), client: client)
  }

  /// Gives a user another password, for who looks after the store. All that counted for the user ends, tokens of agents as
  /// well.
  @discardableResult
  package func resetPassword(of user: String, to new: [UInt8], by caller: Caller) async throws -> Document {
    try caller.grant.checkAdministers()
    return try await setPassword(new, of: user, by: caller, endingAgents: true)
  }

  private func setPassword(
    _ password: [UInt8], of user: String, by caller: Caller, endingAgents: Bool
  ) async throws -> Document {
    let hash = try await passwords.text(for: password)
    return try await changeAccount(user, by: caller, endingAgents: endingAgents) { _, members in
      members["password_hash"] = .string(hash)
    }
  }

  // MARK: Times

  var issuer: String { "urn:daybook:\(store.id)" }

  private func created(_ token: JSONNode) -> Timestamp {
    token["created_at"]?.string.flatMap { Timestamp(parsing: $0) } ?? Timestamp(milliseconds: 0)
  }

  /// When a refresh token's time is over that is given out now.
  private func expiry(ofTokenFrom created: Timestamp) -> Timestamp {
    Timestamp(
      milliseconds: min(
        now().milliseconds + options.idleSeconds * 1_000, created.milliseconds + options.longestSeconds * 1_000))
  }
}
