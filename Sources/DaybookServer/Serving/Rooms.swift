import Daybook
import DaybookRuntime
import Logging

/// What the handlers share: the store, and what stands on it.
struct Rooms: Sendable {
  let store: Store
  let settings: Settings
  let users: Users
  let entitlements: Entitlements
  let events: EventHub
  let requests: RequestTable
  let tasks: Tasks
  let leases: LeaseKeeper
  let sessions: Sessions
  let panels: Panels
  let research: Research
  let negotiations: Negotiations
  let agents: AgentSessions
  /// Writes that wait until they can be made.
  let deferred: DeferredWrites
  let metrics: ServiceMetrics
  /// The room that bodies of requests share.
  let bodies: BodyRoom
  /// Reading that takes long: a few at once, away from the threads that all requests share.
  let reading: BoundedWork
  let status: StatusReader
  let growth: GrowthWatch
  /// The variables that stand in for profiles.
  let environment: [String: String]
  let logger: Logger

  /// Whether a caller may touch documents of a collection, by the scopes of its token and by what its user may use.
  ///
  /// - Throws: `.refused` when not.
  func check(_ access: Grant.Access, in collection: String, for caller: Caller) throws(StoreError) {
    try caller.check(access, in: collection)
    guard access == .write, collection != Endpoint.Admission.everything else { return }
    try entitlements.check(.writing(kind: store.kinds.kind(of: collection).name), for: caller)
  }
}
