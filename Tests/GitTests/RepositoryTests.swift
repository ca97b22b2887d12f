import Testing

@testable import Git

@Suite struct RepositoryTests {
  private func commit(_ text: String, parent: ObjectID?, staged: StagedObjects) -> GitObject {
    commit(text, parents: parent.map { [$0] } ?? [], staged: staged)
  }

  private func commit(_ text: String, parents: [ObjectID], staged: StagedObjects) -> GitObject {
    let blob = GitObject(.blob, Array(text.utf8))
    var tree = Tree()
    tree.set(Array("a.json".utf8), isFolder: false, to: blob.id)
    let root = GitObject(.tree, tree.bytes)
    let author = Signature(name: "Ada", email: "ada@example.org", seconds: 1_700_000_000)
    let object = Commit(
      tree: root.id, parents: parents, author: author, committer: author, message: text
    ).object
    staged.add([blob, root, object])
    return object
  }

  @Test func stagedObjectsAreReadThroughLibgit2BeforeAnyPackHoldsThem() throws {
    let git = try GitClient()
    let staged = StagedObjects()
    let repository = try Repository.open(at: git.folder, staged: staged)
    let first = commit("one", parent: nil, staged: staged)
    let second = commit("two", parent: first.id, staged: staged)
    #expect(try repository.line(after: nil, through: second.id) == [first.id, second.id])
    #expect(try repository.line(after: first.id, through: second.id) == [second.id])
    #expect(try repository.isAncestor(first.id, of: second.id))
    #expect(try !repository.isAncestor(second.id, of: first.id))
    let isThere = repository.contains(second.id)
    #expect(isThere)
    staged.remove([second.id])
    #expect(throws: GitError.self) { try repository.commit(second.id) }
    #expect(staged.count == 5)
  }

  @Test func aLineGoesOnFromItsBaseThroughMergesByOthers() throws {
    let git = try GitClient()
    let staged = StagedObjects()
    let repository = try Repository.open(at: git.folder, staged: staged)
    let first = commit("first", parents: [], staged: staged).id
    let ours = commit("ours", parents: [first], staged: staged).id
    let theirs = commit("theirs", parents: [first], staged: staged).id
    let merge = commit("merge", parents: [theirs, ours], staged: staged).id
    let last = commit("last", parents: [merge], staged: staged).id
    #expect(try repository.line(after: ours, through: last) == [merge, last])
    #expect(try repository.line(after: theirs, through: last) == [merge, last])
    #expect(try repository.line(after: first, through: last) == [theirs, merge, last])
    #expect(try repository.line(after: nil, through: last) == [first, theirs, merge, last])
    #expect(try repository.line(after: last, through: last) == [])
    #expect(try repository.line(after: theirs, through: ours) == nil)
    #expect(try repository.line(after: last, through: first) == nil)
    #expect(try repository.commits(after: ours, through: last).count == 3)
  }

  @Test func commitsMergedCrosswiseHaveSeveralBases() throws {
    let git = try GitClient()
    let staged = StagedObjects()
    let repository = try Repository.open(at: git.folder, staged: staged)
    let first = commit("first", parents: [], staged: staged).id
    let (a, b) = (commit("a", parents: [first], staged: staged).id, commit("b", parents: [first], staged: staged).id)
    let one = commit("one", parents: [a, b], staged: staged).id
    let other = commit("other", parents: [b, a], staged: staged).id
    #expect(try repository.mergeBases(of: one, and: [other]) == [a, b].sorted())
    #expect(try repository.mergeBases(of: a, and: [b]) == [first])
    #expect(try repository.mergeBases(of: one, and: [a]) == [a])
    #expect(try repository.mergeBases(of: b, and: [first, a]) == [first])
    let stranger = commit("stranger", parents: [], staged: staged).id
    #expect(try repository.mergeBases(of: one, and: [stranger]) == [])
  }

  @Test func aBranchMovesOnlyFromWhereItIsExpected() throws {
    let git = try GitClient()
    let staged = StagedObjects()
    let repository = try Repository.open(at: git.folder, staged: staged)
    #expect(try repository.currentBranch() == "refs/heads/main")
    #expect(try repository.reference("refs/heads/main") == nil)
    let first = commit("one", parent: nil, staged: staged)
    let second = commit("two", parent: first.id, staged: staged)
    try repository.moveReference("refs/heads/main", from: nil, to: first.id, message: "test")
    #expect(throws: GitError.self) {
      try repository.moveReference("refs/heads/main", from: nil, to: second.id, message: "test")
    }
    #expect(throws: GitError.self) {
      try repository.moveReference("refs/heads/main", from: second.id, to: second.id, message: "test")
    }
    #expect(try repository.reference("refs/heads/main") == first.id)
    try repository.moveReference("refs/heads/main", from: first.id, to: second.id, message: "test")
    #expect(try repository.reference("refs/heads/main") == second.id)
  }

  @Test func configurationIsKeptInTheRepositoryAlone() throws {
    let git = try GitClient()
    let repository = try Repository.open(at: git.folder, staged: StagedObjects())
    #expect(try repository.configuration("gc.auto") == nil)
    try repository.setConfiguration("gc.auto", to: "0")
    #expect(try repository.configuration("gc.auto") == "0")
    #expect(try git.text(["config", "--local", "gc.auto"]) == "0")
  }

  @Test func aFolderThatIsNoRepositoryIsAnErrorThatNamesIt() throws {
    let error = #expect(throws: GitError.self) {
      _ = try Repository.open(at: "/nonexistent/store", staged: StagedObjects())
    }
    #expect("\(try #require(error))".contains("/nonexistent/store"))
  }
}
