package import Daybook
package import Documents

/// Codes that are made together.
package struct CodeBatch: Sendable {
  /// How many codes a batch has at most.
  package static var largest: Int { Limits.batchedCodes }

  /// What they are called.
  package var name: String
  package var tier: String
  package var count: Int
  /// How long each gives the tier; nil for ever.
  package var days: Int?
  /// How many users may redeem each.
  package var uses: Int
  package var expiresAt: Timestamp?
  package var note: String?

  package init(
    _ name: String, tier: String, count: Int = 1, days: Int? = nil, uses: Int = 1, expiresAt: Timestamp? = nil,
    note: String? = nil
  ) {
    self.name = name
    self.tier = tier
    self.count = count
    self.days = days
    self.uses = uses
    self.expiresAt = expiresAt
    self.note = note
  }

  fileprivate func members(at moment: Timestamp) -> JSONObject {
    var members: JSONObject = ["batch": .string(name), "tier": .string(tier)]
    members["days"] = days.map { .number(JSONNumber($0)) } ?? .null
    members["uses"] = .number(JSONNumber(uses))
    members["used"] = 0
    members["expires_at"] = expiresAt.map { .string($0.text) } ?? .null
    members["note"] = note.map { .string($0) }
    members["created_at"] = .string(moment.text)
    members["updated_at"] = .string(moment.text)
    return members
  }
}

extension Entitlements {
  static let codes = "redeem-codes"

  // MARK: Making

  /// Makes codes, all or none, for who looks after the store.
  ///
  /// - Returns: the codes, which cannot be had again.
  /// - Throws: `.limit` for too many at once, `.notFound` for a tier that there is not.
  package func makeCodes(_ batch: CodeBatch, by caller: Caller) async throws -> [String] {
    try caller.grant.checkAdministers()
    guard (1...Limits.batchedCodes).contains(batch.count) else {
      throw StoreError(.limit, "A batch has 1 to \(Limits.batchedCodes) codes.", hint: "Make several.")
    }
    let codes = try (0..<batch.count).map { _ in try RedeemCode.random() }
    let content = JSONValue.object(batch.members(at: now()))
    _ = try await store.change(for: caller) { snapshot, transaction in
      guard try snapshot.revision("\(Tier.collection)/\(batch.tier)") != nil else {
        throw StoreError(
          .notFound, "There is no tier '\(batch.tier)'.", hint: "`daybook list tiers` shows those there are.",
          document: "\(Tier.collection)/\(batch.tier)")
      }
      for code in codes { try transaction.put("\(Self.codes)/\(code.id())", content, if: .absent) }
    }
    return codes.map(\.text)
  }

  /// The codes of a batch, in the order in which they were made, or of all, by their ids; for who looks after the store.
  package func codes(
    batch: String? = nil, limit: Int = 50, after cursor: String? = nil, for caller: Caller
  ) throws(StoreError) -> Page {
    try caller.grant.checkAdministers()
    var query = Query(Self.codes)
    if let batch { query = try query.where("/batch", .equals(.string(batch))).sorted(by: "/created_at") }
    return try store.snapshot().query(query.limited(to: OwnDocuments.pageLimit(limit)).after(cursor))
  }

  // MARK: Redeeming

  /// Redeems a code for the caller, once, however often and wherever it is tried at the same time.
  ///
  /// - Throws: `.notFound` for a code that there is not; `.refused` when its time is over; `.conflict` when it is used up,
  ///   when the caller has redeemed it before, or has more than it gives.
  @discardableResult
  package func redeem(_ text: String, for caller: Caller) async throws -> EntitlementStatus {
    guard let code = RedeemCode(parsing: text) else { throw Self.noSuchCode }
    guard caller.grant.role != .agent else { throw StoreError(.refused, "An agent redeems no codes.") }
    let id = try code.id()
    try await turns.take(of: id) {
      _ = try await store.change(for: caller.asService) { snapshot, transaction in
        try redeem("\(Self.codes)/\(id)", for: caller, in: snapshot, &transaction)
      }
    }
    return try status(for: caller)
  }

  private func redeem(
    _ address: String, for caller: Caller, in snapshot: Snapshot, _ transaction: inout Transaction
  ) throws(StoreError) {
    guard let code = try snapshot.document(address) else { throw Self.noSuchCode }
    let moment = now()
    let used = try checkCounts(code, at: moment)
    let tier = try Tier(code.root["tier"]?.string ?? "", in: snapshot)
    let place = "\(Self.collection)/\(caller.user)"
    let entitlement = try snapshot.document(place)
    if let entitlement { try checkIsFirst(code, entitlement, in: snapshot) }
    let redemption = try Redemption(
      of: tier, days: code.root["days"]?.integer, held: try hold(entitlement, at: moment, in: snapshot), at: moment)

    let until: JSONValue = redemption.until.map { .string($0.text) } ?? .null
    let changed: JSONObject = ["tier": .string(tier.id), "until": until, "updated_at": .string(moment.text)]
    try transaction.set(
      ["used": .number(JSONNumber(used + 1)), "updated_at": .string(moment.text)], of: address,
      if: .revision(code.revision))
    if let entitlement {
      try transaction.set(changed, of: place, if: .revision(entitlement.revision))
    } else {
      try transaction.put(place, .object(changed), if: .absent)
    }
    let grant: JSONValue = [
      "timestamp": .string(moment.text), "code": .string(code.address.id.text), "tier": .string(tier.id),
      "until": until,
    ]
    try transaction.append([grant], to: Self.grants, of: place)
  }

  /// How often a code that counts was used.
  private func checkCounts(_ code: Document, at moment: Timestamp) throws(StoreError) -> Int {
    if let end = code.root["expires_at"]?.string.flatMap({ Timestamp(parsing: $0) }), end <= moment {
      throw StoreError(.refused, "The code could be redeemed until \(end).")
    }
    let used = code.root["used"]?.integer ?? 0
    guard used < code.root["uses"]?.integer ?? 0 else {
      throw StoreError(.conflict, "The code was redeemed before.", hint: "It is good for no more users.")
    }
    return used
  }

  private func checkIsFirst(
    _ code: Document, _ entitlement: Document, in snapshot: Snapshot
  ) throws(StoreError) {
    let place = "\(entitlement.address)"
    let count = try snapshot.seriesCount(Self.grants, of: place)
    guard count < Limits.grants else {
      throw StoreError(.limit, "A user redeems at most \(Limits.grants) codes.")
    }
    let grants = try snapshot.series(Self.grants, of: place)
    if grants.contains(where: { $0.object?["code"]?.string == code.address.id.text }) {
      throw StoreError(.conflict, "You have redeemed this code before.", hint: "It counts once for each user.")
    }
  }

  private func hold(
    _ entitlement: Document?, at moment: Timestamp, in snapshot: Snapshot
  ) throws(StoreError) -> Redemption.Hold? {
    guard let held = entitlement?.runningHold(at: moment) else { return nil }
    // A tier that is gone gives nothing, so any other is more.
    let rank = try snapshot.document("\(Tier.collection)/\(held.tier)").map { Tier($0).rank } ?? .min
    return Redemption.Hold(tier: held.tier, rank: rank, until: held.until)
  }

  private static let grants = "grants"
  private static let noSuchCode = StoreError(
    .notFound, "There is no such code.", hint: "It has 25 digits and letters; see that none is missing.")
}
