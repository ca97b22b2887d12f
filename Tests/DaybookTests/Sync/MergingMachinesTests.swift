import Documents
import Git
import TestSupport
import Testing

@testable import Daybook

/// Machines that write by themselves and merge with each other in any order.
@Suite(.timeLimit(.minutes(20))) struct MergingMachinesTests {
  /// A number that somebody wrote, each only once.
  private struct Write {
    let commit: ObjectID
    let path: String
    let member: String
    let number: Int
  }

  private struct Machines {
    let store: MergedStore
    var heads: [ObjectID]
    var writes: [Write] = []
    var random: RepeatableRandom
    var clock: Int64 = 0

    init(seed: UInt64) throws {
      random = RepeatableRandom(seed: seed)
      store = try MergedStore()
      let first = try store.begin(["threads/t/thread.json": "{}", "notes/a.json": #"{"n": 0}"#])
      heads = Array(repeating: first, count: Int.random(in: 2...5, using: &random))
    }

    mutating func step() throws {
      let machine = heads.indices.randomElement(using: &random) ?? 0
      switch Int.random(in: 0..<10, using: &random) {
      case 0...4: try write(machine)
      case 5: try append(machine)
      case 6: try delete(machine)
      default: try meet(machine, heads.indices.randomElement(using: &random) ?? 0)
      }
    }

    mutating func meet(_ machine: Int, _ other: Int) throws {
      let merge = try store.merge(heads[machine], heads[other])
      #expect(try store.merge(heads[other], heads[machine]) == merge)
      heads[machine] = merge
    }

    private mutating func write(_ machine: Int) throws {
      let path = ["notes/a.json", "notes/b.json", "tallies/t.json"].randomElement(using: &random) ?? ""
      let member = ["a", "b", "n", "x"].randomElement(using: &random) ?? ""
      var document = try store.value(path, in: heads[machine])?.object ?? [:]
      let number = 100_000 + writes.count
      if path.hasPrefix("tallies") { document[member == "a" ? "b" : "a"] = nil }
      document[member] = .number(JSONNumber(number))
      try commit(machine, [path: text(.object(document))])
      writes.append(Write(commit: heads[machine], path: path, member: member, number: number))
    }

    private mutating func append(_ machine: Int) throws {
      let files = try store.files(of: heads[machine])
      let number = 100_000 + writes.count
      let segments = files.keys.filter { $0.hasPrefix("threads/t/events/") }.sorted()
      var path = segments.last ?? "threads/t/events/000001.json"
      var items = try store.value(path, in: heads[machine])?.array ?? []
      if items.count >= 4 {
        path = "threads/t/events/00000\(segments.count + 1).json"
        items = []
      }
      items.append(["id": .string("\(number)")])
      try commit(machine, [path: text(.array(items))])
      writes.append(Write(commit: heads[machine], path: path, member: "\(number)", number: number))
    }

    private mutating func delete(_ machine: Int) throws {
      guard try store.value("notes/b.json", in: heads[machine]) != nil else { return }
      try commit(machine, ["notes/b.json": nil])
      for member in ["a", "b", "n", "x"] {
        writes.append(Write(commit: heads[machine], path: "notes/b.json", member: member, number: 0))
      }
    }

    private mutating func commit(_ machine: Int, _ files: [String: String?]) throws {
      clock += Int64.random(in: -3...5, using: &random)
      heads[machine] = try store.commit(files, after: [heads[machine]], at: clock)
    }

    private func text(_ value: JSONValue) -> String {
      String(decoding: JSONText(formatting: value).bytes, as: UTF8.self)
    }

    /// Whether somebody who knew of it has written there since.
    func isReplaced(_ write: Write) throws -> Bool {
      try writes.contains { other in
        guard other.path == write.path, other.commit != write.commit,
          other.member == write.member || write.path.hasPrefix("tallies")
        else { return false }
        return try store.objects.withRepository { repository throws(GitError) in
          try repository.isAncestor(write.commit, of: other.commit)
        }
      }
    }
  }

  @Test func machinesComeToOneCommitAndLoseNothing() throws {
    for seed in 1...60 as ClosedRange<UInt64> {
      var machines = try Machines(seed: seed)
      for _ in 0..<30 { try machines.step() }
      // Each meets the first one, twice.
      for _ in 1...2 {
        for machine in machines.heads.indices.dropFirst() {
          try machines.meet(0, machine)
          machines.heads[machine] = machines.heads[0]
        }
      }
      #expect(Set(machines.heads).count == 1, "seed \(seed)")
      let files = try machines.store.files(of: machines.heads[0])
      for write in machines.writes where write.number > 0 {
        let isThere = files.values.contains { $0.contains("\(write.number)") }
        #expect(try isThere || machines.isReplaced(write), "seed \(seed): \(write.number) in \(write.path)")
      }
    }
  }
}
