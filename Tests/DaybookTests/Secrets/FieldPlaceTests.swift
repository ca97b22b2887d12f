import Documents
import Testing

@testable import Daybook

@Suite struct FieldPlaceTests {
  private func place(
    _ store: String, _ collection: String, _ id: String, _ steps: [FieldPath.Step]
  ) throws -> FieldPlace {
    FieldPlace(storeID: store, address: try address(collection, id), path: FieldPath(steps: steps))
  }

  private func place(_ steps: [FieldPath.Step]) throws -> FieldPlace { try place("s", "c", "d", steps) }

  /// The format is for ever: another message would make every stored secret unreadable.
  @Test func theMessageIsEveryPartAfterItsLength() throws {
    let message = try place("store", "profiles/llm", "gpt", [.member("keys"), .element(id: "eu"), .member("ä")]).message
    let parts = [
      "\0\0\0\u{0E}daybook/seal/1", "\0\0\0\u{05}store", "\0\0\0\u{0C}profiles/llm", "\0\0\0\u{03}gpt",
      "\0\0\0\u{06}member", "\0\0\0\u{04}keys", "\0\0\0\u{07}element", "\0\0\0\u{02}eu", "\0\0\0\u{06}member",
      "\0\0\0\u{02}ä",
    ]
    #expect(message == Array(parts.joined().utf8))
  }

  @Test func placesThatReadAlikeHaveDifferentMessages() throws {
    let places = [
      try place([.member("a")]), try place([.element(id: "a")]), try place([.member("a"), .member("b")]),
      try place([.member("ab")]), try place([.member("a/b")]), try place([.member("a.b")]), try place([.member("")]),
      try place([]), try place([.member("a"), .member("")]), try place([.member("[a]")]), try place([.member("/a")]),
      try place("sc", "c", "d", [.member("a")]), try place("s", "cc", "d", [.member("a")]),
      try place("s", "c", "dd", [.member("a")]), try place("s", "c", "dmember", [.member("a")]),
      try place("s", "c/d", "d", [.member("a")]), try place("s", "c", "d", [.member("member"), .member("a")]),
      try place("s", "c", "a", [.member("d")]), try place("d", "c", "s", [.member("a")]),
    ]
    #expect(Set(places.map(\.message)).count == places.count)
  }

  @Test func noTwoShortPathsShareAMessage() throws {
    let steps: [FieldPath.Step] = ["", "a", "aa", "member"].flatMap { [.member($0), .element(id: $0)] }
    var paths: [[FieldPath.Step]] = [[]]
    for _ in 0..<3 { paths += paths.flatMap { path in steps.map { path + [$0] } } }
    let different = Set(paths)
    let messages = Set(try different.map { try place($0).message })
    #expect(messages.count == different.count)
  }

  @Test func aPathWithAnElementWithoutIDIsNotStable() {
    #expect(FieldPath(steps: [.member("a"), .element(id: "b")]).isStable)
    #expect(!FieldPath(steps: [.member("a"), .unnamedElement(position: 0), .member("b")]).isStable)
  }

  @Test func showsAPathAsPeopleReadIt() {
    let path = FieldPath(steps: [.member("endpoints"), .element(id: "eu"), .member("token")])
    #expect(path.description == "/endpoints/[eu]/token")
  }
}
