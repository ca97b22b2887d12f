import Daybook
import Testing

@testable import Git

/// A remote in a folder, and two repositories that know it.
@Suite struct FolderRemoteTests {
  private let hub: GitClient
  private let ours: GitClient
  private let limits = TransferLimits(bytes: .max, objects: 1_000)

  init() throws {
    (hub, ours) = (try GitClient(), try GitClient())
    try hub.run(["config", "core.bare", "true"])
    // A tree of many files, of which each commit changes one.
    for number in 0..<300 { try ours.write(Array("\(number)\n".utf8), to: "\(number % 10)/\(number).json") }
    try ours.run(["add", "."])
    try ours.run(["commit", "-qm", "first"])
  }

  private func remote() throws -> FolderRemote {
    try FolderRemote(RemoteAddress(parsing: hub.folder), LocalPackStorage())
  }
  private func open(_ git: GitClient) throws -> Repository {
    try Repository.open(at: git.folder, staged: StagedObjects())
  }

  private func tip(_ git: GitClient) throws -> ObjectID {
    try #require(ObjectID(hex: try git.text(["rev-parse", "main"])))
  }

  private func change(_ text: String) throws -> ObjectID {
    try ours.write(Array(text.utf8), to: "7/7.json")
    try ours.run(["commit", "-qam", text])
    return try tip(ours)
  }

  private func push(_ commit: ObjectID, expecting expected: ObjectID?) throws -> PushOutcome {
    try remote().push("refs/heads/main", commit, expecting: expected, of: open(ours)) { _ in }
  }

  private func fetch(_ tip: ObjectID, known: [ObjectID], into git: GitClient) throws -> Int {
    try remote().download(tip, known: known, into: open(git), limits: limits) { _ in }.objects
  }

  @Test func whatIsPushedIsThereAndSound() throws {
    let first = try tip(ours)
    #expect(try push(first, expecting: nil) == .accepted)
    #expect(try tip(hub) == first)
    #expect(
      try remote().listing()
        == Remote.Listing(references: [Reference("refs/heads/main", first)], head: "refs/heads/main"))
    #expect(try hub.text(["fsck", "--strict", "--no-dangling"]) == "")
    #expect(try push(first, expecting: nil) == .accepted)
  }

  @Test func onlyWhatChangedIsBrought() throws {
    let first = try tip(ours)
    _ = try push(first, expecting: nil)
    let other = try GitClient()
    #expect(try fetch(first, known: [], into: other) == 1 + 11 + 300)
    let second = try change("changed")
    #expect(try push(second, expecting: first) == .accepted)
    // The commit, the root, one folder and one file.
    #expect(try fetch(second, known: [first], into: other) == 4)
    #expect(try fetch(second, known: [second], into: other) == 0)
    try other.run(["update-ref", "refs/heads/main", second.hex])
    #expect(try other.text(["fsck", "--strict", "--no-dangling"]) == "")
  }

  @Test func aBranchThatMovedIsALostRace() throws {
    let first = try tip(ours)
    _ = try push(first, expecting: nil)
    let second = try change("second")
    try hub.run([
      "update-ref", "refs/heads/main", try hub.text(["commit-tree", "main^{tree}", "-p", "main", "-m", "other"]),
    ])
    let other = try tip(hub)
    #expect(try push(second, expecting: first) == .lostRace)
    #expect(try push(second, expecting: nil) == .lostRace)
    // Not even where its commit is expected, but is not among ours.
    #expect(try push(second, expecting: other) == .lostRace)
    #expect(try tip(hub) == other)
  }

  @Test func aBranchInAnothersHandsIsALostRace() throws {
    let first = try tip(ours)
    _ = try push(first, expecting: nil)
    try hub.write([], to: ".git/refs/heads/main.lock")
    #expect(try push(change("second"), expecting: first) == .lostRace)
    #expect(try tip(hub) == first)
  }

  @Test func moreObjectsThanAreLetInAreNotCopied() throws {
    let first = try tip(ours)
    _ = try push(first, expecting: nil)
    let other = try GitClient()
    let few = TransferLimits(bytes: .max, objects: 100)
    let failure = #expect(throws: RemoteFailure.self) {
      try remote().download(first, known: [], into: open(other), limits: few) { _ in }
    }
    #expect(failure == .tooMany(objects: 100))
    #expect(try other.text(["count-objects", "-v"]).contains("in-pack: 0"))
  }

  @Test func aFolderWithWorkingFilesIsNotPushedTo() throws {
    try hub.run(["config", "core.bare", "false"])
    let first = try tip(ours)
    let failure = #expect(throws: RemoteFailure.self) { try push(first, expecting: nil) }
    #expect(failure == .notBare)
  }

  @Test func aFolderThatIsNoRepositoryIsNotFound() throws {
    let failure = #expect(throws: RemoteFailure.self) {
      _ = try FolderRemote(RemoteAddress(parsing: "/nonexistent/x"), LocalPackStorage())
    }
    #expect(failure == .notFound)
  }
}
