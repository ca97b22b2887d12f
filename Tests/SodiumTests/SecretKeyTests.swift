import Sodium
import Testing

@Suite struct SecretKeyTests {
  @Test func givesBackTheBytesItTook() throws {
    let bytes = try randomBytes(SecretKey.byteCount)
    #expect(try SecretKey(bytes: bytes).exportedBytes() == bytes)
  }

  @Test func refusesAnyOtherNumberOfBytes() {
    for count in [0, 1, 31, 33, 64] {
      #expect(throws: SodiumError.wrongLength(expected: 32, found: count)) {
        try SecretKey(bytes: [UInt8](repeating: 7, count: count))
      }
    }
  }

  @Test func randomKeysDiffer() throws {
    let keys = try (0..<100).map { _ in try SecretKey.random().exportedBytes() }
    #expect(Set(keys).count == keys.count)
  }

  @Test func manyTasksUseOneKeyAtOnce() async throws {
    let key = try SecretKey.random()
    let expected = try KeyedHash.hash([1], with: key, byteCount: 32)
    let hashes = try await withThrowingTaskGroup(of: [UInt8].self) { group in
      for _ in 0..<64 { group.addTask { try KeyedHash.hash([1], with: key, byteCount: 32) } }
      return try await group.reduce(into: Set<[UInt8]>()) { $0.insert($1) }
    }
    #expect(hashes == [expected])
  }

  @Test func theTextOfAKeyTellsNothingOfItsBytes() throws {
    let key = try SecretKey(bytes: [UInt8](repeating: 0xAB, count: 32))
    var dumped = ""
    dump(key, to: &dumped)
    for text in ["\(key)", String(reflecting: key), dumped] {
      #expect(!text.contains("171") && !text.lowercased().contains("abab"))
    }
  }

  @Test func wipingLeavesNoBytes() {
    var bytes: [UInt8] = [1, 2, 3]
    let copy = bytes
    wipe(&bytes)
    #expect(bytes.isEmpty)
    #expect(copy == [1, 2, 3])
  }

  @Test func randomBytesAreAsManyAsAskedFor() throws {
    for count in 0...40 { #expect(try randomBytes(count).count == count) }
    #expect(try randomBytes(32) != randomBytes(32))
  }
}
