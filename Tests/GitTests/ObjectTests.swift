import Testing

@testable import Git

@Suite struct ObjectTests {
  @Test func idsAreThoseOfGit() throws {
    let git = try GitClient()
    for content in ["", "a", "{\"a\": 1}\n", String(repeating: "grün ", count: 3000)] {
      let bytes = Array(content.utf8)
      #expect(ObjectID(hashing: bytes, as: .blob).hex == (try git.text(["hash-object", "--stdin"], input: bytes)))
    }
  }

  @Test func anIDReadsItsOwnDigitsAndNothingElse() {
    let id = ObjectID(hashing: Array("x".utf8), as: .blob)
    #expect(ObjectID(hex: id.hex) == id)
    #expect(ObjectID(hex: id.hex.uppercased()) == id)
    #expect(ObjectID(id.bytes) == id)
    for bad in ["", "12", id.hex + "0", String(id.hex.dropLast()), String(id.hex.dropLast()) + "g"] {
      #expect(ObjectID(hex: bad) == nil, "\(bad)")
    }
  }

  @Test func idsOrderLikeTheirBytes() {
    var numbers = SeededNumbers(seed: 7)
    let ids = (0..<200).map { _ in
      ObjectID((0..<20).map { _ in UInt8.random(in: 0...255, using: &numbers) })
    }
    #expect(ids.sorted().map(\.hex) == ids.map(\.hex).sorted())
  }

  @Test func aCommitIsReadBackAsItWasAndAsGitReadsIt() throws {
    let git = try GitClient()
    let tree = try #require(ObjectID(hex: try git.text(["mktree"])))
    let author = Signature(name: "Ada <x> Löve\n", email: "ada@example.org", seconds: 1_700_000_000)
    let committer = Signature(name: "Daybook", email: "daybook@localhost", seconds: 1_700_000_001)
    let commit = Commit(
      tree: tree, parents: [], author: author, committer: committer,
      message: "one: two → three\n\nDaybook-Sequence: 7\n")
    let object = commit.object
    let id = try git.text(["hash-object", "-t", "commit", "-w", "--stdin"], input: object.content)
    #expect(object.id.hex == id)
    #expect(try Commit(parsing: object.content) == commit)
    #expect(commit.subject == "one: two → three")
    #expect(commit.trailer("Daybook-Sequence") == "7")
    #expect(commit.trailer("Daybook-Origin") == nil)
    #expect(
      try git.text(["log", "-1", "--format=%an|%ae|%ct|%(trailers:key=Daybook-Sequence,valueonly)", id])
        .hasPrefix("Ada x Löve|ada@example.org|1700000001|7"))
    _ = try git.run(["fsck", "--strict"])
  }

  @Test func aDamagedCommitOrTreeIsAnErrorNotATrap() {
    for text in ["", "tree", "tree 123\n", "tree \n\nx", "author a <b> 1 +0000\n\nx"] {
      #expect(throws: GitError.self) { try Commit(parsing: Array(text.utf8)) }
    }
    for bytes in [Array("100644 a".utf8), Array("100644 a\0short".utf8), [UInt8](repeating: 52, count: 40), [0]] {
      #expect(throws: GitError.self) { try Tree(bytes: bytes).entries() }
    }
  }
}
