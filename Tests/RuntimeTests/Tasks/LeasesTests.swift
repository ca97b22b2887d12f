import Daybook
import DaybookRuntime
import Documents
import Foundation
import TestSupport
import Testing

struct LeasesTests {
  private let temporary: TemporaryStore
  private let store: Store
  private let time = TestTime()

  init() throws {
    temporary = try TemporaryStore()
    store = try temporary.open()
  }

  private func leases(at place: String? = nil) throws -> Leases {
    try Leases(store, place: place, now: time.now)
  }

  @Test func aServiceTakesAwayTheLeasesOfThoseBeforeItWhateverTheyAreCalled() async throws {
    let leases = try leases()
    for name in ["desk", "desk", "4f2a"] { _ = try await leases.beginService(holder: name) }
    let other = try await self.leases(at: "elsewhere").beginService(holder: "desk")
    let application = try await leases.begin(holder: "worker", for: .ann)
    let last = try await leases.beginService(holder: "desk")
    #expect(try Set(store.snapshot().query(Query("leases")).ids) == [other.id, application.id, last.id])
    try await leases.endService(last)
    try await leases.endService(last)
    #expect(try Set(store.snapshot().query(Query("leases")).ids) == [other.id, application.id])
    try await store.close()
  }

  @Test func aServicesLeaseIsRenewedNowAndThenAlsoWhenItWasTakenAway() async throws {
    let leases = try leases()
    let lease = try await leases.beginService(holder: "desk")
    let before = store.snapshot().sequence
    try await leases.renewService(lease)
    #expect(store.snapshot().sequence == before)
    time.advance(seconds: 20 * 86_400)
    try await leases.renewService(lease)
    #expect(store.snapshot().sequence == before + 1)
    try await store.transaction { try $0.delete("leases/\(lease.id)") }
    try await leases.renewService(lease)
    #expect(try store.snapshot().document("leases/\(lease.id)")?["holder"] == "desk")
    try await store.close()
  }

  @Test func anApplicationsLeaseIsItsUsersOwnAndTakesThePlaceOfTheOneBefore() async throws {
    let leases = try leases()
    let first = try await leases.begin(holder: "worker", for: .ann)
    let bobs = try await leases.begin(holder: "worker", for: .bob)
    let other = try await leases.begin(holder: "worker-2", for: .ann)
    let second = try await leases.begin(holder: "worker", for: .ann)
    #expect(try Set(store.snapshot().query(Query("leases")).ids) == [bobs.id, other.id, second.id])
    time.advance(seconds: 300)
    let renewed = try await leases.renew(second.id, for: .ann)
    #expect(renewed.expiresAt.milliseconds == second.expiresAt.milliseconds + 300_000)
    for (id, caller) in [(first.id, Caller.ann), (second.id, .bob), ("none", .ann), ("", .ann), ("a/b", .ann)] {
      await expectRefusal(.notFound, of: store) { _ = try await leases.renew(id, for: caller) }
      try await leases.end(id, for: caller)
    }
    #expect(try store.snapshot().count(of: "leases") == 3)
    try await leases.end(second.id, for: .ann)
    #expect(try store.snapshot().count(of: "leases") == 2)
    try await store.close()
  }

  @Test func aCopyOfTheStoreIsAnotherPlaceAndTheSameFolderStaysOneWhereverItIsMoved() async throws {
    let place = try await leases().beginService(holder: "desk").place
    try await store.close()
    let copy = try temporary.copy()
    try FileManager.default.moveItem(atPath: temporary.path, toPath: temporary.path + "-moved")
    try FileManager.default.moveItem(atPath: temporary.path + "-moved", toPath: temporary.path)

    let (reopened, copied) = (try temporary.open(), try copy.open())
    #expect(try reopened.place() == place)
    let placeOfCopy = try copied.place()
    #expect(placeOfCopy != place)
    try await copied.close()
    let copiedAgain = try copy.open()
    #expect(try copiedAgain.place() == placeOfCopy, "it is kept there as well")
    for store in [reopened, copiedAgain] { try await store.close() }
  }
}
