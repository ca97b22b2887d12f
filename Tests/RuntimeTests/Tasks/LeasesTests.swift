import Daybook
import DaybookRuntime
import Documents
import TestSupport
import Testing

struct LeasesTests {
  @Test func aServiceAtAPlaceEndsTheLeasesOfThoseBeforeIt() async throws {
    let temporary = try TemporaryStore()
    let store = try temporary.open()
    let time = TestTime()
    let leases = Leases(store, now: time.now)
    for _ in 0..<3 { _ = try await leases.begin(holder: "desk", for: .service) }
    let other = try await leases.begin(holder: "laptop", for: .service)
    let last = try await leases.begin(holder: "desk", for: .service)
    #expect(try Set(store.snapshot().query(Query("leases")).ids) == [other.id, last.id])
    time.advance(seconds: 300)
    let renewed = try await leases.renew(last, for: .service)
    #expect(renewed.expiresAt.milliseconds == last.expiresAt.milliseconds + 300_000)
    #expect(try store.snapshot().document("leases/\(last.id)")?["expires_at"] == .string(renewed.expiresAt.text))
    try await leases.end(last, for: .service)
    try await leases.end(last, for: .service)
    #expect(try store.snapshot().query(Query("leases")).ids == [other.id])
    // Whatever took it away: the service is there.
    _ = try await leases.renew(last, for: .service)
    #expect(try store.snapshot().document("leases/\(last.id)")?["holder"] == "desk")
    try await store.close()
  }
}
