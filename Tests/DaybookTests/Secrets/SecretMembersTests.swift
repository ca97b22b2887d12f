import Documents
import Testing

@testable import Daybook

@Suite struct SecretMembersTests {
  private func found(_ text: String, _ paths: [SchemaMemberPath]) throws -> [String] {
    try JSONText(parsing: text).secretMembers(at: paths).map { "\($0.path)=\($0.node.string ?? "-")" }
  }

  @Test func findsMembersAtEveryDepth() throws {
    let text = #"{"a": "1", "b": {"c": "2", "d": {"e": "3"}}, "x": "4"}"#
    #expect(try found(text, secretPaths("a", "b.c", "b.d.e")) == ["/a=1", "/b/c=2", "/b/d/e=3"])
  }

  @Test func findsNothingWhereTheTextHasAnotherShape() throws {
    for text in ["{}", "[]", "null", #""a""#, #"{"a": 1}"#, #"{"a": []}"#, #"{"a": {}}"#, #"{"a": [{}, 1, "x", []]}"#] {
      #expect(try found(text, secretPaths("a.b", "a.[].b", "a.*.b")) == [])
    }
  }

  @Test func findsAnyMemberByItsName() throws {
    let text = #"{"headers": {"x": "1", "y": "2"}}"#
    #expect(try found(text, secretPaths("headers.*")) == ["/headers/x=1", "/headers/y=2"])
  }

  @Test func findsElementsByTheirID() throws {
    let text = #"{"list": [{"id": "b", "k": "1"}, {"k": "2", "id": "a"}]}"#
    #expect(try found(text, secretPaths("list.[].k")) == ["/list/[b]/k=1", "/list/[a]/k=2"])
  }

  @Test func elementsThatCannotBeToldApartGetAPathThatSaysSo() throws {
    let text = #"{"list": [{"k": "1"}, {"id": 7, "k": "2"}, {"id": "a", "k": "3"}, {"id": "a", "k": "4"}, ["5"]]}"#
    let members = try JSONText(parsing: text).secretMembers(at: secretPaths("list.[].k"))
    #expect(members.map(\.path.description) == ["/list/0/k", "/list/1/k", "/list/[a]/k", "/list/3/k"])
    #expect(members.map(\.path.isStable) == [false, false, true, false])
  }

  @Test func findsTheElementAtAPlaceByItsIDToo() throws {
    let text = #"{"pair": [{"id": "b", "k": "1"}, {"id": "a", "k": "2"}]}"#
    #expect(try found(text, secretPaths("pair.1.k")) == ["/pair/[a]/k=2"])
    #expect(try found(text, secretPaths("pair.2.k")) == [])
  }

  @Test func comesInTheOrderOfTheTextOnceAndNeverInsideAnother() throws {
    let text = #"{"z": "1", "a": {"b": "2"}}"#
    #expect(try found(text, secretPaths("a.b", "a", "z", "z", "*")) == ["/z=1", "/a=-"])
  }
}
