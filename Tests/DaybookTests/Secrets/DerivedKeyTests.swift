import Daybook
import Sodium
import TestSupport
import Testing

struct DerivedKeyTests {
  @Test func aPurposesKeyIsTheSameAfterARestartAndUnlikeAnyOther() async throws {
    let temporary = try TemporaryStore()
    let store = try temporary.open()
    let id = try #require(try store.dataKeyIDs().first)
    let key = try store.key(for: "one", from: id).exportedBytes()
    #expect(try store.key(for: "two", from: id).exportedBytes() != key)
    try await store.close()
    let reopened = try temporary.open()
    #expect(try reopened.key(for: "one", from: id).exportedBytes() == key)
    try await reopened.close()
    let other = try TemporaryStore()
    let otherStore = try other.open()
    let otherID = try #require(try otherStore.dataKeyIDs().first)
    #expect(try otherStore.key(for: "one", from: otherID).exportedBytes() != key)
    #expect(throws: StoreError.self) { try otherStore.key(for: "one", from: id) }
    try await otherStore.close()
  }

  @Test func afterARotationTheNewKeyComesFirst() async throws {
    let temporary = try TemporaryStore()
    let store = try temporary.open()
    let before = try store.dataKeyIDs()
    let report = try await store.rotateKeys()
    #expect(try store.dataKeyIDs().first == report.key)
    #expect(try store.dataKeyIDs() != before)
    try await store.close()
  }

  @Test func withoutTheRingThereIsNoKey() async throws {
    let temporary = try TemporaryStore()
    var options = temporary.options()
    options.environment = ["DAYBOOK_KEYS_FILE": temporary.folder + "/nothing.json"]
    let store = try await Store.open(at: temporary.path, options: options)
    let error = #expect(throws: StoreError.self) { try store.dataKeyIDs() }
    #expect(error?.code == .keyMissing)
    try await store.close()
  }
}
