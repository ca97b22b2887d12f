import Daybook
import Documents
import Testing

@testable import DaybookRuntime

@Suite struct ThreadKeyTests {
  private let owner = Caller.owner(Author(name: "Owner", email: "owner@example.org"))
  private let ann = Caller(user: "ann", author: Author(name: "Ann", email: "ann@example.org"))

  @Test func aNameThatCanBeAnIdStandsAsItIs() throws {
    #expect(try ThreadKey("thread-1", of: owner).address == "threads/thread-1")
    #expect(try ThreadKey("a:b|c", of: owner).address == "threads/a:b|c")
  }

  @Test(arguments: ["", "a/b", "..", "~x", "line\nbreak", String(repeating: "x", count: 600)])
  func anyOtherNameIsADigest(name: String) throws {
    let key = try ThreadKey(name, of: owner)
    #expect(key.address == "threads/~\(key.prefix.dropLast())")
    let id = try #require(key.address.split(separator: "/").last)
    #expect(throws: Never.self) { try DocumentID(String(id)) }
  }

  /// The ids are a part of the layout on disk: they may never change.
  @Test func idsStayAsTheyAre() throws {
    let key = try ThreadKey("thread-1", of: owner)
    #expect(key.prefix == "gwvj4rauzj7julqovsf6aad7.")
    #expect(try key.checkpoint("1f0a", "") == "gwvj4rauzj7julqovsf6aad7.jd5zkvkbua7icl5v")
    #expect(try key.value(of: "messages", 1, "") == key.value(of: "messages", 1.0, ""))
    #expect(try key.value(of: "messages", 1, "") != key.value(of: "messages", "1", ""))
  }

  @Test func usersAndTheirThreadsAreNeverMixedUp() throws {
    let keys = try [
      ThreadKey("thread-1", of: owner), ThreadKey("thread-1", of: ann), ThreadKey("", of: ann),
      ThreadKey("1:x", of: Caller(user: "a", author: ann.author)),
      ThreadKey("x", of: Caller(user: "a1:", author: ann.author)),
    ]
    #expect(Set(keys.map(\.prefix)).count == keys.count)
    #expect(Set(keys.map(\.address)).count == keys.count)
  }

  @Test func whatIsTooLongIsRefused() throws {
    let key = try ThreadKey("t", of: owner)
    #expect(throws: StoreError.self) { try ThreadKey(String(repeating: "x", count: 1_025), of: owner) }
    #expect(throws: StoreError.self) { try key.checkpoint(String(repeating: "x", count: 129), "") }
    #expect(throws: StoreError.self) { try key.checkpoint("", "") }
  }
}
