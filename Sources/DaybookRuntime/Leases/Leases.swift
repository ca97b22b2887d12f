package import Daybook
package import Documents

/// The lease of one service: `leases/<id>` says until when it is good.
package struct Lease: Sendable, Hashable {
  /// What work that the service begins names as its owner.
  package let id: String
  package let holder: String
  package let beganAt: Timestamp
  package let expiresAt: Timestamp

  var address: String { "\(Leases.collection)/\(id)" }
}

/// How services on one store, or on copies of it that are synced, tell whose work goes on.
///
/// A service takes a lease when it begins, renews it while it runs, and ends it when it leaves. Work under a lease that is
/// over, or gone, was interrupted. One process owns a store, so that a service that begins at a place knows that the one
/// before it is gone there, whatever its lease says; those at other places are judged by the clock.
///
/// ```swift
/// let leases = Leases(store)
/// var lease = try await leases.begin(holder: "desk:/home/ann/my-store", for: service)
/// lease = try await leases.renew(lease, for: service)  // each `Leases.renewalInterval`
/// try await leases.end(lease, for: service)
/// ```
package struct Leases: Sendable {
  static let collection = "leases"
  /// How often a lease is to be renewed.
  package static let renewalInterval = Duration.milliseconds(Limits.leaseRenewalMilliseconds)

  private let store: Store
  private let now: @Sendable () -> Timestamp

  /// - Parameter now: the time of day; the store's own when left out.
  package init(_ store: Store, now: (@Sendable () -> Timestamp)? = nil) {
    self.store = store
    self.now = now ?? { store.now }
  }

  /// Takes a new lease, and ends those that earlier services had at this place.
  package func begin(holder: String, for service: Caller) async throws -> Lease {
    let (moment, end) = period()
    let receipt = try await store.change(for: service) { snapshot, transaction in
      _ = try transaction.create(in: Self.collection, Self.content(holder, from: moment, to: end))
      let earlier = try Query(Self.collection).where("/holder", .equals(.string(holder)))
      for address in try snapshot.addresses(earlier) { try transaction.delete("\(address)", if: .none) }
    }
    let id = try store.document(writtenBy: receipt).address.id.text
    return Lease(id: id, holder: holder, beganAt: moment, expiresAt: end)
  }

  /// Makes a lease good for a whole period more, also one that is over already, or that is gone: the service is there.
  ///
  /// It need not survive a power cut, since neither does the service.
  package func renew(_ lease: Lease, for service: Caller) async throws -> Lease {
    let (_, end) = period()
    try await store.transaction(author: service.author, origin: .service, durability: .memory) { transaction in
      try transaction.put(lease.address, Self.content(lease.holder, from: lease.beganAt, to: end))
    }
    return Lease(id: lease.id, holder: lease.holder, beganAt: lease.beganAt, expiresAt: end)
  }

  /// Ends a lease: what its service has not finished counts as interrupted.
  package func end(_ lease: Lease, for service: Caller) async throws {
    try await store.transaction(author: service.author, origin: .service) { transaction in
      try transaction.delete(lease.address, if: .none)
    }
  }

  private func period() -> (from: Timestamp, to: Timestamp) {
    let moment = now()
    return (moment, Timestamp(milliseconds: moment.milliseconds + Limits.leaseMilliseconds))
  }

  private static func content(_ holder: String, from begin: Timestamp, to end: Timestamp) -> JSONValue {
    ["holder": .string(holder), "began_at": .string(begin.text), "expires_at": .string(end.text)]
  }
}

extension Snapshot {
  /// Whether the work of a lease goes on.
  func isGood(lease id: String, at moment: Timestamp) throws(StoreError) -> Bool {
    guard let lease = try document("\(Leases.collection)/\(id)") else { return false }
    return lease.root["expires_at"]?.string.flatMap { Timestamp(parsing: $0) }.map { moment < $0 } ?? false
  }
}
