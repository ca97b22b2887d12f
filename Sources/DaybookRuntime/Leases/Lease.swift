import Daybook
package import Documents

/// The lease of a service, or of an application that works through one: `leases/<id>` says until when it is good.
package struct Lease: Sendable, Hashable {
  /// What work that its holder begins names as its owner.
  package let id: String
  /// Whose application it is; nil for a service.
  package let user: String?
  package let holder: String
  /// At which place of the store it was taken.
  package let place: String
  package let beganAt: Timestamp
  package let expiresAt: Timestamp

  var address: String { "\(Leases.collection)/\(id)" }

  init(
    id: String, user: String?, holder: String, place: String, beganAt: Timestamp, expiresAt: Timestamp
  ) {
    self.id = id
    self.user = user
    self.holder = holder
    self.place = place
    self.beganAt = beganAt
    self.expiresAt = expiresAt
  }

  /// Nil for a document that is no lease.
  init?(_ document: Document) {
    let root = document.root
    guard let holder = root["holder"]?.string, let place = root["place"]?.string,
      let expiry = root["expires_at"]?.string.flatMap({ Timestamp(parsing: $0) })
    else { return nil }
    self.init(
      id: document.address.id.text, user: root["user"]?.string, holder: holder, place: place,
      beganAt: root["began_at"]?.string.flatMap { Timestamp(parsing: $0) } ?? expiry, expiresAt: expiry)
  }

  func renewed(until end: Timestamp) -> Lease {
    Lease(id: id, user: user, holder: holder, place: place, beganAt: beganAt, expiresAt: end)
  }

  var content: JSONValue {
    var members: JSONObject = [
      "holder": .string(holder), "place": .string(place), "began_at": .string(beganAt.text),
      "expires_at": .string(expiresAt.text),
    ]
    members["user"] = user.map { .string($0) }
    return .object(members)
  }

  /// As it is answered.
  package var json: JSONObject {
    [
      "id": .string(id), "holder": .string(holder), "began_at": .string(beganAt.text),
      "expires_at": .string(expiresAt.text),
    ]
  }
}

/// Tells whose work goes on, as a service sees it.
///
/// | lease | its work goes on |
/// | --- | --- |
/// | that is not there | no: it was ended, another took its place, or nothing was heard of it for weeks |
/// | taken at another place | yes: how late it is there, and what was renewed since it was synced, nobody knows here |
/// | of an application here | until it expires; a service that has just begun gives time to renew first |
/// | of a service here | yes: one that begins takes away those before it |
struct LeaseJudge {
  /// The lease of the service that judges; without one, only leases that are gone are over.
  let service: Lease?
  let moment: Timestamp

  func goesOn(_ id: String, in snapshot: Snapshot) throws(StoreError) -> Bool {
    guard let lease = try snapshot.lease(id) else { return false }
    return isGood(lease)
  }

  func isGood(_ lease: Lease) -> Bool {
    guard let service, lease.place == service.place, lease.user != nil else { return true }
    let grace = Timestamp(milliseconds: service.beganAt.milliseconds + Limits.leaseMilliseconds)
    return moment < max(lease.expiresAt, grace)
  }

  /// - Throws: `.conflict` unless the caller has such a lease and it is good.
  func check(_ id: String, of caller: Caller, in snapshot: Snapshot) throws(StoreError) {
    if let lease = try snapshot.lease(id), lease.user == caller.user, isGood(lease) { return }
    throw StoreError(.conflict, "You have no good lease '\(id)'.", hint: "Take a new one.")
  }
}

extension Snapshot {
  func lease(_ id: String) throws(StoreError) -> Lease? {
    guard (try? DocumentID(id)) != nil else { return nil }
    return try document("\(Leases.collection)/\(id)").flatMap { Lease($0) }
  }
}
