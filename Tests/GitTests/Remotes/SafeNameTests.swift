import Testing

@testable import Git

@Suite struct SafeNameTests {
  @Test(arguments: [
    "", ".", "..", "a/b", "a\\b", ".git", ".GIT", ".giT", "git~1", "GIT~2", ".git.", ".git ", ".git . .", ".git:x",
    ".git::$INDEX_ALLOCATION", ".g\u{200C}it", "\u{FEFF}.git", "a\u{0}", "a\nb", "a\u{1B}[2J", "a\u{7F}", "a\u{85}",
    String(repeating: "a", count: 256),
  ])
  func aNameThatIsNotSafeOnEveryDiskIsFound(_ name: String) {
    #expect(SafeName.fault(of: Array(name.utf8)) != nil)
  }

  @Test func aNameThatIsNotUTF8IsFound() {
    #expect(SafeName.fault(of: [0x61, 0xFF]) == "is not UTF-8")
    #expect(SafeName.fault(of: [0xC0, 0xAF]) == "is not UTF-8")
  }

  @Test(arguments: [
    "a.json", ".gitignore", ".gitattributes", ".git-hooks", "git~", "gitter~1", "...", "con", "Zürich.json", "日本.json",
    "a b", String(repeating: "a", count: 255),
  ])
  func anOrdinaryNameIsLetIn(_ name: String) {
    #expect(SafeName.fault(of: Array(name.utf8)) == nil)
  }

  @Test func namesThatManyDisksTakeForOneAreFoldedAlike() {
    #expect(SafeName.folded(Array("README".utf8)) == SafeName.folded(Array("ReadMe".utf8)))
    #expect(SafeName.folded(Array("Z\u{FC}rich".utf8)) == SafeName.folded(Array("Zu\u{308}RICH".utf8)))
    #expect(SafeName.folded(Array("a".utf8)) != SafeName.folded(Array("b".utf8)))
  }
}
