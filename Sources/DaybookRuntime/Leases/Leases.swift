package import Daybook
package import Documents

/// How services on one store, or on copies of it that are synced, and the applications that work through them tell whose
/// work goes on.
///
/// Who begins work takes a lease, renews it while it runs, and ends it when it leaves. Work under a lease that is over was
/// interrupted; `LeaseJudge` says which that are. A lease belongs to a *place*, a folder that is one copy of the store: a
/// service that begins there knows that the one before it is gone, since one process owns a store, and so does an
/// application of its own earlier self, by the name that it gives.
///
/// ```swift
/// let leases = try Leases(store)
/// let own = try await leases.beginService(holder: "desk:/home/ann/my-store")
/// let lease = try await leases.begin(holder: "worker-1", for: caller)
/// try await leases.renew(lease.id, for: caller)  // well before it expires
/// try await leases.end(lease.id, for: caller)
/// ```
package struct Leases: Sendable {
  static let collection = "leases"
  /// How often it is looked for work that was interrupted.
  package static let checkInterval = Duration.milliseconds(Limits.leaseCheckMilliseconds)

  private let store: Store
  private let place: String
  private let now: @Sendable () -> Timestamp

  /// - Parameters:
  ///   - place: which copy of the store this is; by default what this machine noted.
  ///   - now: the time of day; the store's own when left out.
  package init(
    _ store: Store, place: String? = nil, now: (@Sendable () -> Timestamp)? = nil
  ) throws(StoreError) {
    self.store = store
    if let place { self.place = place } else { self.place = try Self.place(of: store) }
    self.now = now ?? { store.now }
  }

  /// A name that no other copy of the store has, made when it is asked for first.
  private static func place(of store: Store) throws(StoreError) -> String {
    let files = store.localFiles(in: "service")
    if let bytes = try files.read("place"), let text = try? JSONText(parsing: bytes),
      let place = text.root["place"]?.string
    {
      return place
    }
    let place = store.makeID().text
    try files.write(JSONText(formatting: ["place": .string(place)]).bytes, as: "place")
    return place
  }

  // MARK: Services

  /// Takes a new lease for the service at this place, and takes away those of the services before it.
  ///
  /// - Parameter holder: where that is, in words for people.
  package func beginService(holder: String) async throws -> Lease {
    try await begin(holder: holder, user: nil, for: Limits.serviceLeaseMilliseconds)
  }

  /// Makes the lease of the service good for a whole period more, if a good part of it is over; also one that somebody took
  /// away.
  ///
  /// It need not survive a power cut, since neither does the service.
  package func renewService(_ lease: Lease) async throws {
    let moment = now()
    let known = try store.snapshot().lease(lease.id)
    if let known, known.expiresAt.milliseconds - moment.milliseconds > Limits.serviceLeaseMilliseconds / 2 { return }
    let renewed = lease.renewed(until: moment.later(by: Limits.serviceLeaseMilliseconds))
    try await store.transaction(author: Caller.service.author, origin: .service, durability: .memory) { transaction in
      try transaction.put(lease.address, renewed.content)
    }
  }

  /// Ends a lease: what its holder has not finished counts as interrupted.
  package func endService(_ lease: Lease) async throws {
    try await store.transaction(author: Caller.service.author, origin: .service) { transaction in
      try transaction.delete(lease.address, if: .none)
    }
  }

  // MARK: Applications

  /// Takes a new lease for an application of the caller's. One that it had before by this name, at this place, is over.
  package func begin(holder: String, for caller: Caller) async throws -> Lease {
    try await begin(holder: holder, user: caller.user, for: Limits.leaseMilliseconds)
  }

  /// Makes a lease good for a whole period more.
  ///
  /// - Throws: `.notFound` for one that is over, or not the caller's.
  package func renew(_ id: String, for caller: Caller) async throws -> Lease {
    let end = now().later(by: Limits.leaseMilliseconds)
    _ = try await store.change(for: .service) { snapshot, transaction in
      let lease = try own(id, caller, in: snapshot)
      try transaction.patch(lease.address, merging: ["expires_at": .string(end.text)], if: .present)
    }
    return try own(id, caller, in: store.snapshot())
  }

  /// Ends a lease: what its holder has not finished counts as interrupted. One that is over is ended already.
  package func end(_ id: String, for caller: Caller) async throws {
    guard let lease = try? own(id, caller, in: store.snapshot()) else { return }
    try await endService(lease)
  }

  private func own(_ id: String, _ caller: Caller, in snapshot: Snapshot) throws(StoreError) -> Lease {
    guard let lease = try snapshot.lease(id), lease.user == caller.user, lease.place == place else {
      throw StoreError(.notFound, "You have no lease '\(id)'.", hint: "It may be over: take a new one.")
    }
    return lease
  }

  // MARK: Both

  private func begin(holder: String, user: String?, for milliseconds: Int64) async throws -> Lease {
    let moment = now()
    let lease = Lease(
      id: store.makeID().text, user: user, holder: holder, place: place, beganAt: moment,
      expiresAt: moment.later(by: milliseconds))
    _ = try await store.change(for: .service) { snapshot, transaction in
      try transaction.put(lease.address, lease.content, if: .absent)
      var earlier = try Query(Self.collection).where("/place", .equals(.string(place)))
        .where("/user", .equals(user.map { .string($0) } ?? .null))
      // A service may be moved: its place is the same, whatever it is called.
      if user != nil { earlier = try earlier.where("/holder", .equals(.string(holder))) }
      for address in try snapshot.addresses(earlier) { try transaction.delete("\(address)", if: .none) }
    }
    return lease
  }
}

extension Timestamp {
  fileprivate func later(by milliseconds: Int64) -> Timestamp {
    Timestamp(milliseconds: self.milliseconds + milliseconds)
  }
}
