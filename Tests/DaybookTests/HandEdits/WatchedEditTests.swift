import Daybook
import Documents
import Foundation
import Storage
import TestSupport
import Testing

/// A person edits files while a program has the store open.
@Suite(.timeLimit(.minutes(20))) struct WatchedEditTests {
  private let temporary: TemporaryStore

  init() throws {
    temporary = try TemporaryStore(kinds: SampleKinds.all)
  }

  /// A watching store with one note, whose file is there.
  private func opened() async throws -> Store {
    let store = try temporary.openWatching()
    try await store.transaction { try $0.put("notes/a", text: try text("{\n  \"n\": 1,\n  \"s\": \"x\"\n}\n")) }
    try await store.settle()
    return store
  }

  private func number(_ store: Store, _ address: String) throws -> Int? {
    try store.snapshot().document(address)?.root["n"]?.integer
  }

  /// How an editor saves.
  enum SaveStyle: CaseIterable {
    case truncateAndWrite, writeAndRename, backUpAndRename, removeAndWrite, piecemeal
  }

  private func save(_ content: String, to file: String, _ style: SaveStyle) throws {
    let path = "\(temporary.path)/\(file)"
    switch style {
    case .truncateAndWrite: try Data(content.utf8).write(to: URL(filePath: path))
    case .writeAndRename:
      try Data(content.utf8).write(to: URL(filePath: path + ".new"))
      try rename(path + ".new", path)
    case .backUpAndRename:
      try rename(path, path + "~")
      try Data(content.utf8).write(to: URL(filePath: path))
      try FileManager.default.removeItem(atPath: path + "~")
    case .removeAndWrite:
      try FileManager.default.removeItem(atPath: path)
      usleep(150_000)
      try Data(content.utf8).write(to: URL(filePath: path))
    case .piecemeal:
      try Data().write(to: URL(filePath: path))
      let handle = try #require(FileHandle(forWritingAtPath: path))
      for byte in content.utf8 {
        handle.write(Data([byte]))
        usleep(5_000)
      }
      try handle.close()
    }
  }

  private func rename(_ path: String, _ target: String) throws {
    try LocalFileSystem().rename(path, to: target)
  }

  @Test(arguments: SaveStyle.allCases) func anEditIsTakenInHoweverItIsSaved(style: SaveStyle) async throws {
    let store = try await opened()
    try save("{ \"n\": 2, \"s\": \"x\" }\n", to: "notes/a.json", style)
    try await eventually { try number(store, "notes/a") == 2 }
    let commit = try #require(try store.snapshot().history(of: "notes/a", limit: 1).first)
    #expect(commit.commit.origin == .hand)
    try await store.settle()
    #expect(try temporary.read("notes/a.json") == "{ \"n\": 2, \"s\": \"x\" }\n", "the text is kept")
    try await finish(store)
  }

  @Test func anEditOfAFileThatIsNoDocumentIsToldUntilItIsTakenBack() async throws {
    let store = try await opened()
    let manifest = try temporary.read("daybook.json")
    try temporary.write(manifest + "\n", to: "daybook.json")
    try await eventually { try store.status().editedFiles == ["daybook.json"] }
    try temporary.write(manifest, to: "daybook.json")
    try await finish(store)
  }

  @Test func filesThatAreSavedTogetherBecomeOneCommit() async throws {
    let store = try await opened()
    let before = store.snapshot().sequence
    for number in 0..<200 { try temporary.write("{\"n\": \(number), \"s\": \"\"}\n", to: "notes/b\(number).json") }
    try await eventually { try store.snapshot().count(of: "notes") == 201 }
    #expect(store.snapshot().sequence <= before + 3, "a busy machine may need a few")
    try await finish(store)
  }

  @Test func anInvalidFileIsToldAndServedAsItWasAndTakenInWhenItIsMended() async throws {
    let store = try await opened()
    try temporary.write("{\n  \"n\": 1,\n  oops\n}\n", to: "notes/a.json")
    try await eventually { try store.status().fileProblems.map(\.path) == ["notes/a.json"] }
    #expect(try store.status().fileProblems.first?.error.message.contains("line 3") == true)
    #expect(try number(store, "notes/a") == 1)
    // Nobody is held up, and nothing is covered up.
    try await store.transaction { try $0.patch("notes/a", merging: ["s": "y"]) }
    try await store.settle()
    #expect(try temporary.read("notes/a.json").contains("oops"))
    try temporary.write("{\n  \"n\": 7,\n  \"s\": \"x\"\n}\n", to: "notes/a.json")
    try await eventually { try number(store, "notes/a") == 7 }
    #expect(try store.snapshot().document("notes/a")?.root["s"]?.string == "y", "both changes are there")
    #expect(try store.status().fileProblems.isEmpty)
    try await finish(store)
  }

  @Test func aFileThatStaysAwayIsADeletion() async throws {
    let store = try await opened()
    let start = ContinuousClock.now
    try temporary.remove("notes/a.json")
    try await eventually { try number(store, "notes/a") == nil }
    #expect(ContinuousClock.now - start >= .seconds(2))
    try await finish(store)
  }

  @Test func aWriteTakesInTheEditOfItsFileFirstAndBothStay() async throws {
    let store = try await opened()
    let seen = try #require(try store.snapshot().document("notes/a")?.revision)
    try temporary.write("{\n  \"n\": 5,\n  \"s\": \"x\"\n}\n", to: "notes/a.json")
    try await store.transaction { try $0.put("notes/a", ["n": 1, "s": "z"]) }
    #expect(try number(store, "notes/a") == 5 && store.snapshot().document("notes/a")?.root["s"]?.string == "z")
    let origins = try store.snapshot().history(of: "notes/a", limit: 3).map(\.commit.origin)
    #expect(origins == [.library, .hand, .library])
    let error = await #expect(throws: StoreError.self) {
      try await store.transaction { try $0.put("notes/a", ["n": 0, "s": ""], if: .revision(seen)) }
    }
    #expect(error?.code == .conflict)
    try await finish(store)
  }

  @Test func whatCollidesIsKeptAsAConflict() async throws {
    let store = try await opened()
    try temporary.write("{\n  \"n\": 5,\n  \"s\": \"x\"\n}\n", to: "notes/a.json")
    try await store.transaction { try $0.put("notes/a", ["n": 6, "s": "x"]) }
    #expect(try number(store, "notes/a") == 6)
    let conflict = try #require(try store.snapshot().query(Query("conflicts")).documents.first?.root)
    #expect(conflict["document"]?.string == "notes/a" && conflict["pointer"]?.string == "/n")
    #expect(conflict["lost"]?.integer == 5 && conflict["base"]?.integer == 1)
    try await finish(store)
  }

  @Test func whatAWriteTookAwayWhileAHandChangedItStaysAsTheHandHasIt() async throws {
    let store = try await opened()
    try temporary.write("{\n  \"n\": 1,\n  \"s\": \"edited\"\n}\n", to: "notes/a.json")
    try await store.transaction { try $0.put("notes/a", ["n": 1]) }
    #expect(try store.snapshot().document("notes/a")?.root["s"]?.string == "edited")
    let conflict = try #require(try store.snapshot().query(Query("conflicts")).documents.first?.root)
    #expect(conflict["kept"]?.string == "edited" && conflict["kept_origin"]?.string == "hand")
    #expect(conflict["lost"] == nil && conflict["lost_origin"]?.string == "library")
    try await finish(store)
  }

  @Test func anEditRacingAThousandWritesLosesNothing() async throws {
    let store = try await opened()
    let edits = Task.detached {
      for round in 1...20 {
        try await Task.sleep(for: .milliseconds(30))
        // As an editor does: what is there, with one member changed.
        guard var object = (try? text(try temporary.read("notes/a.json")))?.root.value.object else { continue }
        object["edit\(round)"] = .number(JSONNumber(round))
        try save(
          String(decoding: JSONText(formatting: .object(object)).bytes, as: UTF8.self), to: "notes/a.json",
          .writeAndRename)
      }
    }
    for round in 1...1_000 {
      try await store.transaction { try $0.patch("notes/a", merging: ["n": .number(JSONNumber(round))]) }
    }
    try await edits.value
    // An editor that saves over what came after it had read takes that back, as it would without us: in the history it is.
    try await eventually { try store.snapshot().document("notes/a")?.root["edit20"] != nil }
    try await eventually { try store.status().editedFiles.isEmpty }
    try await finish(store)
    let history = try temporary.git("log", "-p", "--format=", "--", "notes/a.json")
    for round in 1...20 { #expect(history.contains("\"edit\(round)\""), "edit \(round)") }
  }

  @Test func whatChangedWhileTheStoreWasClosedIsTakenInWhenItIsOpened() async throws {
    try await opened().close()
    try temporary.write("{\"n\": 9, \"s\": \"\"}\n", to: "notes/a.json")
    try temporary.write("{\"n\": 8, \"s\": \"\"}\n", to: "notes/b.json")
    var options = temporary.options()
    options.handEdits = .whenOpened
    let store = try await Store.open(at: temporary.path, options: options)
    #expect(try number(store, "notes/a") == 9 && number(store, "notes/b") == 8)
    try await finish(store)
  }

  @Test func segmentsOfASeriesAreTakenInToo() async throws {
    let store = try temporary.openWatching()
    try await store.transaction { transaction in
      try transaction.put("threads/t", ["n": 1])
      try transaction.append([["id": "one", "n": 1]], to: "events", of: "threads/t")
    }
    try await store.settle()
    try temporary.write("[\n  { \"id\": \"one\", \"n\": 2 }\n]\n", to: "threads/t/events/000001.json")
    try await eventually {
      try store.snapshot().series("events", of: "threads/t", limit: 1).first?.object?["n"]?.integer == 2
    }
    try await finish(store)
  }

  @Test func aSecretThatIsTypedInIsSealedBeforeItIsCommitted() async throws {
    let store = try temporary.openWatching()
    let file = "profiles/llm/mine.json"
    let secret = "sk-typed-by-hand-0123456789"
    try temporary.write(
      #"{"name": "mine", "provider": "openai", "base_url": "https://api.example.org/v1", "model": "m", "api_key": ""#
        + secret + "\"}\n", to: file)
    try await eventually { try store.snapshot().document("profiles/llm/mine") != nil }
    try await store.settle()
    #expect(try !temporary.read(file).contains(secret))
    #expect(try !temporary.git("log", "-p", "--all").contains(secret))
    try await finish(store)
  }

  private func finish(_ store: Store) async throws {
    try await store.settle()
    #expect(try await store.check().findings.map(\.message) == [])
    try await store.close()
    #expect(try temporary.git("status", "--porcelain") == "")
    try temporary.checkGit()
  }
}
