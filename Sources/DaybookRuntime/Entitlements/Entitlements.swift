package import Daybook
package import Documents
import Synchronization

/// How entitlements are kept.
package struct EntitlementsOptions: Sendable {
  /// Whether anything is checked at all.
  package var isOn = false
  /// The tier of who has redeemed no code.
  package var defaultTier = "free"

  package init() {}
}

extension Settings {
  /// How entitlements are kept, by the settings of the category `entitlements`. Whether they are on counts as yes when it
  /// is set to something that it cannot be.
  package func entitlementsOptions() throws(StoreError) -> EntitlementsOptions {
    var options = EntitlementsOptions()
    options.isOn = try isOn("entitlements.enabled")
    options.defaultTier = try effective()["entitlements.default_tier"]?.string ?? options.defaultTier
    return options
  }
}

/// What users may use: the tiers that codes give them, and a check that everybody shares who does something for a user.
///
/// ```swift
/// try entitlements.check(.request, for: caller)
/// try entitlements.check(.writing(kind: "research"), for: caller)
/// ```
///
/// Owners may use everything. Agents use what their users may. Requests are counted by user and day in memory, and saved
/// now and then: `saveUsage`, which `run` does, and whoever closes the store in the end.
package final class Entitlements: Sendable {
  static let collection = "entitlements"

  let store: Store
  let now: @Sendable () -> Timestamp
  let turns = Turns()
  private let options: @Sendable () throws(StoreError) -> EntitlementsOptions
  private let usage = Mutex(UsageTable())

  /// - Parameters:
  ///   - options: asked for at each check, so that a changed setting counts at once.
  ///   - now: the time of day; the store's own when left out.
  package init(
    _ store: Store, now: (@Sendable () -> Timestamp)? = nil,
    options: @escaping @Sendable () throws(StoreError) -> EntitlementsOptions
  ) {
    self.store = store
    self.now = now ?? { store.now }
    self.options = options
  }

  // MARK: Checking

  /// Counts a request, and checks what is used.
  ///
  /// - Throws: `.exhausted` when the requests of the day are used up, `.refused` for what the tier does not grant.
  package func check(_ use: Use, for caller: Caller) throws(StoreError) {
    let options = try options()
    guard options.isOn, !caller.grant.administers else { return }
    let snapshot = store.snapshot()
    let day = today
    let document = try snapshot.document("\(Self.collection)/\(caller.user)")
    let tier = try tier(of: document, options, in: snapshot)
    let saved = document.flatMap { UsageTable.Usage($0.root) }
    try usage.withLock { usage throws(StoreError) in
      guard use == .request else {
        if let objection = tier.objection(to: use, requests: 0, on: day) { throw objection }
        return
      }
      try usage.count(caller.user, saved: saved, on: day) {
        var objection = tier.objection(to: use, requests: $0.requests, on: $0.day)
        objection?.retrySeconds = secondsLeftToday
        return objection
      }
    }
  }

  /// What a caller may use, and how much is left of it.
  package func status(for caller: Caller) throws(StoreError) -> EntitlementStatus {
    let snapshot = store.snapshot()
    let document = try snapshot.document("\(Self.collection)/\(caller.user)")
    let tier = try tier(of: document, options(), in: snapshot)
    let saved = document.flatMap { UsageTable.Usage($0.root) }
    let used = usage.withLock { $0.usage(of: caller.user, saved: saved, on: today) }
    return EntitlementStatus(
      tier: tier, until: document.flatMap { $0.runningHold(at: now())?.until }, day: used.day, requests: used.requests)
  }

  private func tier(
    of document: Document?, _ options: EntitlementsOptions, in snapshot: Snapshot
  ) throws(StoreError) -> Tier {
    try Tier(document?.runningHold(at: now())?.tier ?? options.defaultTier, in: snapshot)
  }

  /// Until the next day begins, by UTC.
  private var secondsLeftToday: Int64 {
    let day: Int64 = 86_400
    return day - now().milliseconds / 1_000 % day
  }

  private var today: String { String(now().text.prefix(10)) }

  // MARK: Saving

  /// Saves what was counted since the last time.
  package func saveUsage() async throws {
    let unsaved = usage.withLock { $0.unsaved }
    for start in stride(from: 0, to: unsaved.count, by: Limits.savedUsages) {
      let some = unsaved[start..<min(start + Limits.savedUsages, unsaved.count)]
      let moment = JSONValue.string(now().text)
      _ = try await store.change(for: .service) { snapshot, transaction in
        for (user, usage) in some {
          let address = "\(Self.collection)/\(user)"
          let members: JSONObject = [
            "day": .string(usage.day), "requests": .number(JSONNumber(usage.requests)), "updated_at": moment,
          ]
          if try snapshot.revision(address) == nil {
            try transaction.put(address, .object(members), if: .absent)
          } else {
            try transaction.patch(address, merging: .object(members), if: .present)
          }
        }
      }
      usage.withLock { $0.noteSaved(some) }
    }
  }

  /// Saves every few minutes until the task is cancelled, and then once more.
  package func run() async throws {
    while !Task.isCancelled {
      // What cannot be saved now is saved with what comes next.
      try? await saveUsage()
      try? await Task.sleep(for: .seconds(Limits.usageSavedSeconds))
    }
    try await saveUsage()
  }
}

/// What a user may use, and how much of it is used.
package struct EntitlementStatus: Sendable, Equatable {
  package let tier: Tier
  /// Until when; nil for ever.
  package let until: Timestamp?
  /// The day of the requests, by UTC.
  package let day: String
  package let requests: Int

  /// How many requests are left today; nil for any number.
  package var requestsLeft: Int? { tier.requestsPerDay.map { max(0, $0 - requests) } }
}

extension UsageTable.Usage {
  /// What a document of `entitlements` has saved.
  init?(_ root: JSONNode) {
    guard let day = root["day"]?.string, let requests = root["requests"]?.integer else { return nil }
    self.init(day: day, requests: requests)
  }
}

extension Document {
  /// The tier that an entitlement gives at a moment; nil when it gives none, or its time is over.
  func runningHold(at now: Timestamp) -> (tier: String, until: Timestamp?)? {
    guard let tier = root["tier"]?.string else { return nil }
    let until = root["until"]?.string.flatMap { Timestamp(parsing: $0) }
    if let until, until <= now { return nil }
    return (tier, until)
  }
}
