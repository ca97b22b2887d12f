import Foundation
import Git
import Storage
import TestSupport
import Testing

@testable import Daybook

/// What a file is taken for after a crash, whoever looks at it first.
@Suite struct WorkingFilesTests {
  /// The crash came before the file was made, and the log says that it is to go: it looks just so, as it is behind the branch.
  @Test func aFileThatWasNeverMadeAndIsToGoIsNoEdit() async throws {
    let temporary = try TemporaryStore(kinds: SampleKinds.all)
    let store = try temporary.open()
    try await store.transaction { try $0.put("notes/a", ["n": 1]) }
    try await store.close()
    let blob = try #require(
      ObjectID(hex: temporary.git("rev-parse", "HEAD:notes/a.json").trimmingCharacters(in: .newlines)))
    try temporary.remove("notes/a.json")

    let staged = StagedObjects()
    let repository = try Repository.open(at: temporary.path, staged: staged)
    let files = WorkingFiles(
      root: temporary.path, fileSystem: LocalFileSystem(),
      objects: ObjectReader(repository: repository, staged: staged, cacheBytes: 0),
      suspects: ["notes/a.json": [nil, blob]])
    try files.expectAgain([ChangedFile(path: "notes/a.json", basis: blob, id: nil)])
    #expect(try files.edit(at: "notes/a.json", revisions: [nil]) == nil)
    #expect(try files.put(nil, at: "notes/a.json", commits: 1) != nil)
    #expect(!temporary.exists("notes/a.json"))
    #expect(files.editedPaths == [])
  }
}
