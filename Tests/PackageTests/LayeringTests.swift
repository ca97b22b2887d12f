import Testing

/// The sources keep the rules, and each rule can see a source that does not.
struct LayeringTests {
  static let sourceRules = [
    SourceRules.imports, SourceRules.unsafeWords, SourceRules.forbiddenWords, SourceRules.access, SourceRules.length,
    SourceRules.marks, SourceRules.processes,
  ]

  @Test(arguments: sourceRules)
  func theSourcesKeepTheRule(_ rule: SourceRule) throws {
    let files = try Checkout.swiftFiles(below: "Sources")
    #expect(files.count > 50, "too few files: is this the right folder?")
    #expect(rule.findings(in: files) == [])
  }

  @Test func noCTypeLeavesTheModulesOfTheCLibraries() throws {
    let files = try ["Sources/Git", "Sources/Sodium", "Sources/Storage"].flatMap(Checkout.swiftFiles)
    #expect(SourceRules.cTypes.findings(in: files) == [])
  }

  @Test(arguments: [SourceRules.forbiddenWords, SourceRules.length, SourceRules.marks, SourceRules.processes])
  func theTestsKeepTheRule(_ rule: SourceRule) throws {
    let files = try Checkout.swiftFiles(below: "Tests").filter { !$0.isBelow("Tests/PackageTests/LayeringTests.swift") }
    #expect(rule.findings(in: files) == [])
  }

  @Test(arguments: [
    "import Storage", "package import Git", "@testable import Sodium", "import struct Foundation.URL", "  import CGit2",
  ])
  func anImportThatIsNotAllowedIsFound(_ line: String) {
    #expect(findings(SourceRules.imports, "Documents", "// why\n\(line)\n").map { $0.prefix(2) } == ["2:"])
  }

  @Test func everyTargetNeedsALineInTheRules() {
    #expect(findings(SourceRules.imports, "Newcomer", "") != [])
    #expect(findings(SourceRules.imports, "Sodium", "import CSodium\n") == [])
  }

  @Test(arguments: ["let x = unsafe f()", "@safe struct S {}", "f(\"\\(unsafe g())\")"])
  func anUnsafeWordOutsideTheEdgesIsFound(_ line: String) {
    #expect(findings(SourceRules.unsafeWords, "Daybook", line) != [])
    #expect(findings(SourceRules.unsafeWords, "Git", line) == [])
  }

  @Test(arguments: [
    "extension A: @unchecked Sendable {}", "nonisolated(unsafe) var a = 1", "let a = try! f()", "let a = b as! C",
    "fatalError()",
  ])
  func aWordThatSilencesTheCompilerIsFound(_ line: String) {
    #expect(findings(SourceRules.forbiddenWords, "Git", line).count == 1)
  }

  @Test func aProcessOfFoundationIsFound() {
    #expect(findings(SourceRules.processes, "Git", "let process = Process()").count == 1)
    #expect(findings(SourceRules.processes, "Git", "let service = ServiceProcess()") == [])
  }

  @Test(arguments: ["public struct A {}", "public import Git", "  public func f()", "open class A {}"])
  func aPublicDeclarationOutsideTheLibraryIsFound(_ line: String) {
    #expect(findings(SourceRules.access, "Storage", line).count == 1)
    #expect(findings(SourceRules.access, "Daybook", line) == [])
  }

  @Test func aMethodNamedOpenIsNoAccessLevel() {
    #expect(findings(SourceRules.access, "Git", "try store.open(at: path)") == [])
  }

  @Test(arguments: ["package func a() -> OpaquePointer?", "package let id: git_oid"])
  func aCTypeInASignatureIsFound(_ line: String) {
    #expect(findings(SourceRules.cTypes, "Git", line).count == 1)
    #expect(findings(SourceRules.cTypes, "Git", "private let handle: OpaquePointer") == [])
  }

  @Test func aFileThatIsTooLongIsFound() {
    let line = "let a = 1\n"
    #expect(findings(SourceRules.length, "Git", String(repeating: line, count: 400)) == [])
    #expect(findings(SourceRules.length, "Git", String(repeating: line, count: 401)).count == 1)
  }

  @Test func aMarkForLaterIsFoundAlsoInAComment() {
    #expect(findings(SourceRules.marks, "Git", "// TO" + "DO: later\n").count == 1)
    #expect(findings(SourceRules.marks, "Git", "// a toDoList\n") == [])
  }

  @Test(arguments: [
    "// unsafe", "/* unsafe /* unsafe */ unsafe */", "\"unsafe\"", "#\"\"unsafe\"#", "\"\"\"\nunsafe \"\n\"\"\"",
    "\"\\(f(\"unsafe\"))unsafe\"", "unsafely()", "\"\\\"unsafe\"",
  ])
  func wordsInCommentsLiteralsAndOtherWordsDoNotCount(_ text: String) {
    #expect(SwiftCode(text).lines(with: "unsafe") == [])
    #expect(SwiftCode(text + "\nunsafe").lines(with: "unsafe").count == 1)
  }

  private func findings(_ rule: SourceRule, _ target: String, _ text: String) -> [String] {
    rule.violations(SourceFile(path: "Sources/\(target)/Sample.swift", text: text))
  }
}
