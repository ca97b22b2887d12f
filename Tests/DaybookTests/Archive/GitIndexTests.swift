import Daybook
import Documents
import TestSupport
import Testing

/// What people and Git make of Git's own index.
@Suite(.timeLimit(.minutes(20))) struct GitIndexTests {
  private let temporary: TemporaryStore
  private let store: Store

  init() throws {
    temporary = try TemporaryStore(kinds: SampleKinds.all)
    store = try temporary.open()
    try store.transactionBlocking { transaction in
      for number in 0..<5 { try transaction.put("notes/n\(number)", ["n": 1]) }
    }
  }

  private func put(_ address: String) async throws {
    try await store.transaction { try $0.put(address, ["n": 2]) }
  }

  @Test(arguments: [
    ["update-index", "--index-version", "4"], ["update-index", "--split-index"],
    ["update-index", "--skip-worktree", "notes/n1.json"], ["add", "-N", "README"], [],
  ])
  func anIndexThatIsNotReadIsMadeAnewAndNothingIsDeleted(command: [String]) async throws {
    try await store.settle()
    try temporary.write("hello\n", to: "README")
    if command.isEmpty {
      try temporary.remove(".git/index")
    } else {
      try temporary.git(command)
    }
    try await store.takeInHandEdits()
    try await put("notes/n3")
    try await store.settle()
    try temporary.git("commit", "-q", "--allow-empty", "-m", "by hand")
    for number in 0..<5 {
      #expect(try temporary.git("show", "HEAD:notes/n\(number).json").contains(number == 3 ? "2" : "1"))
    }
    #expect(try temporary.git("status", "--porcelain") == "?? README\n")
    try temporary.remove("README")
    try await store.takeInHandEdits()
    try await temporary.closeSoundly(store)
  }

  @Test func anIndexThatWasLockedForLongIsBroughtUpToDateAsSoonAsItIsFree() async throws {
    try await store.settle()
    try temporary.write("a Git command", to: ".git/index.lock")
    try await put("notes/n1")
    try await store.settle()
    try temporary.remove(".git/index.lock")
    try await eventually { try temporary.git("ls-files", "-s", "notes/n1.json") == blob("notes/n1.json") }
    try await temporary.closeSoundly(store)
  }

  private func blob(_ path: String) throws -> String {
    let id = try temporary.git("rev-parse", "HEAD:\(path)").prefix { $0 != "\n" }
    return "100644 \(id) 0\t\(path)\n"
  }

  @Test func nothingGoesIntoTheFilesOfAnotherBranch() async throws {
    try await store.settle()
    try temporary.git("checkout", "-q", "-b", "other", "HEAD~1")
    let error = await #expect(throws: StoreError.self) {
      try await store.transaction(durability: .committed) { try $0.put("notes/new", ["n": 1]) }
    }
    #expect(error?.code == .conflict)
    try? await store.close()
    #expect(!temporary.exists("notes/new.json"))
    #expect(try temporary.git("status", "--porcelain") == "")
    try temporary.git("checkout", "-q", "main")
    let reopened = try temporary.open()
    #expect(try reopened.snapshot().document("notes/new") != nil, "it is in the log")
    try await temporary.closeSoundly(reopened)
  }
}
