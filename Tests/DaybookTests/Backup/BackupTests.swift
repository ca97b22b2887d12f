import Daybook
import Documents
import Foundation
import Storage
import TestSupport
import Testing

@Suite struct BackupTests {
  private let fixture: BackupFixture

  init() throws {
    fixture = try BackupFixture()
  }

  private func backUp(replacing: Bool = false, to path: String? = nil) async throws -> Backup {
    let store = try fixture.temporary.open()
    let result: Result<Backup, any Error>
    do {
      result = .success(try await store.backup(to: path ?? fixture.file, replacing: replacing))
    } catch {
      result = .failure(error)
    }
    try await store.close()
    return try result.get()
  }

  // MARK: Round trips

  @Test(arguments: [1, 2, 3] as [UInt64])
  func aRestoredStoreIsTheSameStore(seed: UInt64) async throws {
    let world = try await fixture.fill(seed: seed)
    let backup = try await backUp()
    #expect(try await Store.verifyBackup(at: fixture.file).manifest == backup.manifest)
    let report = try fixture.restore(to: "restored")
    #expect(report.keyProblem == nil)
    let original = fixture.temporary.path
    let roots = [try await fixture.checkedRoot("restored"), try await fixture.checkedRoot("store")]
    #expect(roots == [backup.manifest.rootHash, backup.manifest.rootHash])
    #expect(try fixture.names().filter { $0.hasPrefix(".") } == [])

    let refs = ["for-each-ref", "--format=%(objectname) %(refname)", "refs/heads", "refs/tags", "refs/daybook/backup"]
    func list(_ folder: String) throws -> String {
      try fixture.git(folder, refs[0], refs[1], refs[2], refs[3], refs[4])
    }
    #expect(try list(fixture.path("restored")) == list(original))
    #expect(try fixture.git(fixture.path("restored"), "for-each-ref", "refs/remotes") == "")

    let store = try fixture.open("restored")
    let snapshot = store.snapshot()
    #expect(snapshot.sequence == backup.manifest.sequence)
    #expect(try HistoryModel.world(of: snapshot) == world)
    let profile = try #require(try snapshot.document("profiles/llm/x"))
    #expect(try snapshot.revealed(profile).root["api_key"]?.string == "sk-very-secret")
    #expect(try store.status().storeID == backup.manifest.storeID)
    try await store.transaction { try $0.put("notes/new", ["n": 1]) }
    try await store.close()
    #expect(try await !fixture.checkedRoot("restored").isEmpty)
  }

  @Test func theStockClientTakesABackup() async throws {
    _ = try await fixture.fill(seed: 4)
    let backup = try await backUp()
    #expect(try fixture.git(fixture.temporary.path, "bundle", "verify", fixture.file).contains("complete history"))
    _ = try fixture.git(fixture.temporary.folder, "clone", "-q", fixture.file, "clone")
    #expect(try fixture.git(fixture.path("clone"), "rev-parse", "HEAD").hasPrefix(backup.manifest.commit))
    #expect(try fixture.git(fixture.path("clone"), "rev-parse", "HEAD^{tree}").hasPrefix(backup.manifest.rootHash))
    #expect(try fixture.git(fixture.path("clone"), "fsck", "--strict", "--no-dangling", "--no-progress") == "")
    let sum = try Command.run("/usr/bin/sha256sum", [fixture.file])
    #expect(sum.hasPrefix(backup.sha256))
    // Whoever looks at the file finds the manifest at its beginning.
    let beginning = String(decoding: try fixture.bytes().prefix(4_000), as: UTF8.self)
    #expect(beginning.contains("\"about\": \"A backup of a Daybook store"))
    #expect(beginning.contains(backup.manifest.rootHash))
  }

  @Test func theManifestSaysWhatIsThere() async throws {
    let world = try await fixture.fill(seed: 5)
    let manifest = try await backUp().manifest
    func count(_ collection: String) -> Int { world.documents.keys.filter { $0.hasPrefix("\(collection)/") }.count }
    for collection in ["notes", "pins", "threads"] {
      #expect(manifest.documents[collection, default: 0] == count(collection))
    }
    let files = try fixture.temporary.git("ls-tree", "-r", "-l", "HEAD").split(separator: "\n")
    #expect(manifest.files == files.count)
    let sizes = files.map { Int($0.split(whereSeparator: { " \t".contains($0) })[3]) ?? 0 }
    #expect(manifest.fileBytes == sizes.reduce(0, +))
    let objects = try fixture.temporary.git(
      "rev-list", "--objects", "--branches", "--tags", "refs/daybook/backup/3")
    #expect(manifest.objects == Set(objects.split(separator: "\n").map { $0.prefix(40) }).count)
    #expect(manifest.branch == "refs/heads/main")
  }

  @Test func aBackupOfARestoredStoreIsAsGood() async throws {
    _ = try await fixture.fill(seed: 6, steps: 10)
    let first = try await backUp()
    _ = try fixture.restore(to: "restored")
    let store = try fixture.open("restored")
    let second = try await store.backup(to: fixture.path("second.bundle"))
    try await store.close()
    #expect(second.manifest.references == first.manifest.references)
    #expect(second.manifest.objects == first.manifest.objects)
  }

  @Test func aFileThatCouldNotBeTakenInIsNotInIt() async throws {
    try fixture.temporary.write("{\"n\": \"broken\"}\n", to: "notes/a.json")
    let store = try fixture.temporary.open()
    try await store.takeInHandEdits()
    #expect(try store.status().fileProblems.map(\.path) == ["notes/a.json"])
    try await store.backup(to: fixture.file)
    try await store.close()
    _ = try fixture.restore(to: "restored")
    #expect(try await !fixture.checkedRoot("restored").isEmpty)
    #expect(!FileManager.default.fileExists(atPath: fixture.path("restored/notes/a.json")))
  }

  // MARK: Beside a writer

  @Test(.timeLimit(.minutes(20))) func aBackupIsOfOneMomentWhileAWriterWrites() async throws {
    let temporary = fixture.temporary
    let store = try temporary.open()
    let writer = Task.detached {
      var number = 0
      while !Task.isCancelled {
        number += 1
        let value: JSONValue = ["n": .number(JSONNumber(number)), "s": .string(String(repeating: "x", count: 200))]
        try await store.transaction(durability: number % 3 == 0 ? .committed : .durable) { transaction in
          try transaction.put("notes/n\(number % 20)", value)
          try transaction.put("pins/p", value)
        }
        if number % 100 == 0 { try await store.condense() }
      }
    }
    for round in 0..<6 {
      let before = store.snapshot().sequence
      while store.snapshot().sequence < before + 60 { await Task.yield() }
      let earliest = store.snapshot().sequence
      let backup = try await store.backup(to: fixture.file, replacing: true)
      #expect((earliest...store.snapshot().sequence).contains(backup.manifest.sequence))
      _ = try fixture.restore(to: "restored-\(round)")
      let restored = try fixture.open("restored-\(round)")
      let snapshot = restored.snapshot()
      // The writer's two documents are of the same commit.
      let number = try #require(try snapshot.document("pins/p")?.root["n"]?.integer)
      #expect(try snapshot.document("notes/n\(number % 20)")?.root["n"]?.integer == number)
      try await restored.close()
      #expect(try await fixture.checkedRoot("restored-\(round)") == backup.manifest.rootHash)
    }
    writer.cancel()
    try await writer.value
    try await store.close()
  }

  // MARK: Places

  @Test func aFileIsReplacedOnlyWhenThatIsWished() async throws {
    _ = try await backUp()
    let first = try fixture.bytes()
    #expect(await errorCode { _ = try await backUp() } == .refused)
    #expect(try fixture.bytes() == first)
    _ = try await backUp(replacing: true)
    #expect(try fixture.bytes() != first)
    #expect(await errorCode { _ = try await backUp(replacing: true, to: fixture.temporary.folder) } == .refused)
    #expect(await errorCode { _ = try await backUp(to: fixture.path("none/x.bundle")) } == .unavailable)
    #expect(try fixture.names() == ["config", "store", "store.bundle"])
  }

  @Test(arguments: ["store/x.bundle", "store/notes/x.bundle", "link/x.bundle", "store/../store/x.bundle"])
  func aPlaceInsideTheStoreIsRefused(name: String) async throws {
    try fixture.temporary.write("{\"n\": 1}\n", to: "notes/a.json")
    try FileManager.default.createSymbolicLink(
      atPath: fixture.path("link"), withDestinationPath: fixture.temporary.path + "/notes")
    #expect(await errorCode { _ = try await backUp(to: fixture.path(name)) } == .refused)
    #expect(!FileManager.default.fileExists(atPath: fixture.path(name)))
  }
}
