import Documents
import Git
import Testing

@testable import Daybook

@Suite struct StoreMergeTests {
  @Test func theSameTwoCommitsComeToTheSameCommitOnEachMachine() throws {
    var commits: Set<ObjectID> = []
    for isMirrored in [false, true] {
      let store = try MergedStore()
      let first = try store.begin(["notes/a.json": #"{"n": 1, "s": "x"}"#])
      let one = try store.commit(["notes/a.json": #"{"n": 2, "s": "x"}"#], after: [first], at: 20)
      let other = try store.commit(["notes/a.json": #"{"n": 3, "s": "y"}"#], after: [first], at: 10)
      let merge = try isMirrored ? store.merge(other, one) : store.merge(one, other)
      commits.insert(merge)
      let content = try store.objects.commit(merge)
      #expect(content.parents == [one, other].sorted() && content.committer.seconds == 1_800_000_020)
      #expect(CommitSequences.said(by: content) == 3)
      #expect(try store.files(of: merge)["notes/a.json"] == #"{"n": 2, "s": "y"}"#)
      let conflict = try store.conflicts(in: merge)
      #expect(conflict.count == 1 && conflict[0]["document"] == "notes/a" && conflict[0]["pointer"] == "/n")
      #expect(conflict[0]["kept"] == 2 && conflict[0]["lost"] == 3 && conflict[0]["base"] == 1)
    }
    #expect(commits.count == 1)
  }

  @Test func aCommitThatComesAfterTheOtherIsTheirMerge() throws {
    let store = try MergedStore()
    let first = try store.begin()
    let second = try store.commit(["notes/a.json": "{}"], after: [first], at: 1)
    #expect(try store.merge(first, second) == second)
    #expect(try store.merge(second, first) == second)
    #expect(try store.merge(second, second) == second)
  }

  @Test func commitsWithNothingInCommonAreRefused() throws {
    let store = try MergedStore()
    let one = try store.begin()
    let other = try store.commit(["notes/a.json": "{}"], after: [], at: 5)
    #expect { try store.merge(one, other) } throws: { ($0 as? StoreError)?.code == .refused }
  }

  /// What breaks the rules is put right where it arrives; a merge is no reason to drop it without a word.
  @Test func anEditThatBreaksTheRulesIsKeptBesideOneOfTheFormAlone() throws {
    let store = try MergedStore()
    let first = try store.begin(["notes/a.json": #"{"n": 1, "s": "x"}"#])
    for (time, other) in [(1, 9), (9, 1)] as [(Int64, Int64)] {
      let edit = try store.commit(["notes/a.json": #"{"n": "one", "s": "y"}"#], after: [first], at: time)
      let form = try store.commit(["notes/a.json": #"{"n":1,"s":"x"}"#], after: [first], at: other)
      let merge = try store.merge(edit, form)
      #expect(try store.value("notes/a.json", in: merge) == ["n": "one", "s": "y"])
      #expect(try store.conflicts(in: merge).isEmpty)
    }
  }

  @Test func aDeletionGivesWayToAChangeAndToAnItem() throws {
    let store = try MergedStore()
    let thread = ["threads/t/thread.json": "{}", "threads/t/events/000001.json": #"[{"id": "1"}]"#]
    let first = try store.begin(["notes/a.json": "{}", "notes/b.json": "{}"].merging(thread) { $1 })
    let one = try store.commit(
      ["notes/a.json": nil, "notes/b.json": nil, "threads/t/thread.json": nil, "threads/t/events/000001.json": nil],
      after: [first], at: 9)
    let other = try store.commit(
      ["notes/a.json": #"{"n": 1}"#, "threads/t/events/000001.json": #"[{"id": "1"}, {"id": "2"}]"#], after: [first],
      at: 1)
    let merge = try store.merge(one, other)
    let files = try store.files(of: merge)
    #expect(files["notes/a.json"] == #"{"n": 1}"# && files["notes/b.json"] == nil)
    #expect(files["threads/t/thread.json"] == "{}")
    #expect(try store.value("threads/t/events/000001.json", in: merge)?.array?.count == 2)
    #expect(try store.conflicts(in: merge).map { $0["document"] } == ["notes/a"])
  }

  @Test func whatBothAppendIsInBothSegments() throws {
    let store = try MergedStore()
    func items(_ ids: ClosedRange<Int>) -> String {
      "[" + ids.map { #"{"id": "\#($0)"}"# }.joined(separator: ", ") + "]"
    }
    let segment = "threads/t/events/000001.json"
    let first = try store.begin(["threads/t/thread.json": "{}", segment: items(1...2)])
    let one = try store.commit([segment: items(1...4)], after: [first], at: 1)
    let other = try store.commit(
      [
        segment: #"[{"id": "1"}, {"id": "2"}, {"id": "5"}, {"id": "6"}]"#, "threads/t/events/000002.json": items(7...7),
      ],
      after: [first], at: 2)
    let merge = try store.merge(one, other)
    let found = try ["1", "2"].flatMap { number in
      try store.value("threads/t/events/00000\(number).json", in: merge)?.array ?? []
    }
    #expect(Set(found.compactMap { $0["id"]?.string }) == Set((1...7).map(String.init)))
    #expect(try store.value(segment, in: merge)?.array?.count == 4)
    #expect(try store.conflicts(in: merge).isEmpty)
  }

  @Test func aDocumentThatBreaksItsRulesWhenJoinedIsOneThing() throws {
    let store = try MergedStore()
    let first = try store.begin(["tallies/t.json": #"{"count": 1}"#])
    let one = try store.commit(["tallies/t.json": #"{"count": 1, "a": 1}"#], after: [first], at: 1)
    let other = try store.commit(["tallies/t.json": #"{"count": 1, "b": 1}"#], after: [first], at: 2)
    let merge = try store.merge(one, other)
    #expect(try store.value("tallies/t.json", in: merge) == ["count": 1, "b": 1])
    let conflicts = try store.conflicts(in: merge)
    #expect(conflicts.count == 1 && conflicts[0]["lost"] == ["count": 1, "a": 1] && conflicts[0]["pointer"] == "")
  }

  @Test func otherFilesAreOneThing() throws {
    let store = try MergedStore()
    let schema = "schemas/tally.schema.json"
    let before = MergedStore.kinds.first { $0.name == "tally" }?.schema ?? ""
    let first = try store.begin(["README.md": "a\nb\n", "list.txt": "1"])
    let one = try store.commit(
      ["README.md": "a\nc\n", "list.txt": "2", schema: before + " "], after: [first], at: 1)
    let other = try store.commit(["README.md": "d\nb\n", schema: before + "\n"], after: [first], at: 2)
    let files = try store.files(of: store.merge(one, other))
    #expect(files["README.md"] == "d\nb\n" && files["list.txt"] == "2" && files[schema] == before + "\n")
    #expect(try store.conflicts(in: store.merge(one, other)).map { $0["lost"] } == ["a\nc\n"])
  }

  @Test func theNewestVersionOfEachKindCounts() throws {
    let store = try MergedStore()
    let first = try store.begin(["daybook.json": #"{"format": 1, "versions": {"note": 1}}"#])
    let one = try store.commit(
      ["daybook.json": #"{"format": 1, "versions": {"note": 2}}"#], after: [first], at: 2)
    let other = try store.commit(
      ["daybook.json": #"{"format": 1, "versions": {"note": 3, "pin": 1}}"#], after: [first], at: 1)
    let merge = try store.merge(one, other)
    #expect(try store.value("daybook.json", in: merge)?["versions"] == ["note": 3, "pin": 1])
    #expect(try store.conflicts(in: merge).isEmpty)
  }

  @Test func ofAFileAndAFolderOfOneNameTheLaterStays() throws {
    for fileIsLater in [false, true] {
      let store = try MergedStore()
      let first = try store.begin()
      let folder = try store.commit(["x/y": "1"], after: [first], at: fileIsLater ? 1 : 3)
      let file = try store.commit(["x": "2"], after: [first], at: 2)
      for (one, other) in [(folder, file), (file, folder)] {
        let merge = try store.merge(one, other)
        #expect(
          try store.files(of: merge).filter { $0.key.hasPrefix("x") } == (fileIsLater ? ["x": "2"] : ["x/y": "1"]))
        #expect(try store.conflicts(in: merge).map { $0["lost"] } == [fileIsLater ? 1 : 2])
      }
    }
  }

  /// Each of the two has merged what the other had before: what both have of that is no change of both.
  @Test func whatWasMergedCrosswiseIsCountedOnce() throws {
    let store = try MergedStore()
    let first = try store.begin(["tallies/t.json": #"{"count": 0}"#])
    let a1 = try store.commit(["tallies/t.json": #"{"count": 1, "x": 1}"#], after: [first], at: 1)
    let b1 = try store.commit(["tallies/t.json": #"{"count": 10, "y": 1}"#], after: [first], at: 2)
    let a2 = try store.commit(["tallies/t.json": #"{"count": 101, "x": 1}"#], after: [a1], at: 3)
    let b2 = try store.commit(["tallies/t.json": #"{"count": 1010, "y": 1}"#], after: [b1], at: 4)
    let (one, other) = (try store.merge(a2, b1), try store.merge(a1, b2))
    #expect(try store.value("tallies/t.json", in: one)?["count"] == 111)
    #expect(try store.value("tallies/t.json", in: other)?["count"] == 1011)
    let merge = try store.merge(one, other)
    #expect(try store.value("tallies/t.json", in: merge)?["count"] == 1111)
    #expect(try store.merge(other, one) == merge)
    #expect(try store.conflicts(in: merge).isEmpty)
  }
}
