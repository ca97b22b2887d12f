import Testing

/// What the pages tell people to type exists.
struct MakeTargetTests {
  @Test(arguments: ["README.md", "CONTRIBUTING.md"])
  func eachMakeTargetOfAPageExists(_ page: String) throws {
    let targets = Self.targets(ofMakefile: try Checkout.text("Makefile"))
    let named = Self.targets(namedBy: try Checkout.text(page))
    #expect(!named.isEmpty)
    #expect(named.filter { !targets.contains($0) } == [])
  }

  @Test func theTwoCommandsForAFreshMachineAreInTheReadme() throws {
    let named = Self.targets(namedBy: try Checkout.text("README.md"))
    #expect(named.contains("run") && named.contains("test"))
  }

  @Test func aTargetThatIsNotThereIsFound() {
    let page =
      "Run `make no`:\n```\nmake run  # 1\nBENCH_JSON=1 make bench\n$ make fly && make test\n```\nmake sense\n"
    #expect(Self.targets(namedBy: page) == ["run", "bench", "fly", "test"])
    #expect(Self.targets(ofMakefile: "A := b\n.PHONY: run\nrun: build\n\techo x: y\nbuild:\n") == ["run", "build"])
  }

  /// The targets that follow the word `make` in fenced blocks.
  private static func targets(namedBy page: String) -> [String] {
    var isFenced = false
    var targets: [String] = []
    for line in page.split(separator: "\n") {
      if line.hasPrefix("```") {
        isFenced.toggle()
        continue
      }
      let words = line.prefix { $0 != "#" }.split(separator: " ")
      for (place, word) in words.enumerated() where isFenced && word == "make" && place + 1 < words.count {
        targets.append(String(words[place + 1]))
      }
    }
    return targets
  }

  private static func targets(ofMakefile text: String) -> [String] {
    text.split(separator: "\n").compactMap { line in
      guard let colon = line.firstIndex(of: ":"), line.first?.isLetter == true else { return nil }
      return line[colon...].hasPrefix(":=") || line[..<colon].contains(" ") ? nil : String(line[..<colon])
    }
  }
}
