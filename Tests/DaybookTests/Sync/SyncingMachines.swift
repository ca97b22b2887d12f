import Documents
import Git
import TestSupport
import Testing

@testable import Daybook

/// A run of machines that sync over a hub, as values: a store is the commit that its branch holds, and what it fetched last.
struct SyncingMachines {
  private struct Machine {
    /// What was acknowledged.
    var head: ObjectID
    /// What the hub held when this machine heard of it last.
    var fetched: ObjectID
    /// A merge that was made and that the branch does not hold yet: a crash forgets it.
    var merged: ObjectID?
    var isCutOff = false
  }

  /// Something that a machine wrote, told from everything else that was ever written.
  struct Write {
    let commit: ObjectID
    /// The document, and the member in it.
    let place: String
    /// What stands there; nil for what was taken away.
    let text: String
  }

  private let store: MergedStore
  private var machines: [Machine]
  private var hub: ObjectID
  private var writes: [Write] = []
  private var random: RepeatableRandom
  private var clock: Int64 = 0

  init(seed: UInt64, in store: MergedStore) throws {
    random = RepeatableRandom(seed: seed)
    self.store = store
    hub = try store.begin([
      "threads/t/thread.json": "{}", "notes/a.json": #"{"n": 0, "deep": {"x": 1}, "list": [{"id": "one"}]}"#,
      "README.md": "Hello.\n",
    ])
    let machine = Machine(head: hub, fetched: hub)
    machines = Array(repeating: machine, count: Int.random(in: 2...5, using: &random))
  }

  var areTogether: Bool { machines.allSatisfy { $0.head == hub } }

  // MARK: Steps

  mutating func step() throws {
    let place = machines.indices.randomElement(using: &random) ?? 0
    switch Int.random(in: 0..<20, using: &random) {
    case 0...4: try writeMember(place)
    case 5: try writeByHand(place)
    case 6...7: try append(place)
    case 8: try delete(place)
    case 9: try rename(place)
    case 10: machines[place].isCutOff.toggle()
    case 11: machines[place].merged = nil
    case 12...13: fetch(place)
    case 14: try merge(place)
    case 15: moveBranch(place)
    case 16: push(place, isHeard: false)
    default: try sync(place)
    }
  }

  /// Everything works again; two rounds are enough for all.
  mutating func bringTogether() throws {
    for place in machines.indices { machines[place].isCutOff = false }
    for _ in 1...2 {
      for place in machines.indices.shuffled(using: &random) { try sync(place) }
    }
  }

  private mutating func sync(_ place: Int) throws {
    fetch(place)
    try merge(place)
    moveBranch(place)
    push(place, isHeard: true)
  }

  private mutating func fetch(_ place: Int) {
    if !machines[place].isCutOff { machines[place].fetched = hub }
  }

  /// Whoever merges the same two comes to the same.
  private mutating func merge(_ place: Int) throws {
    let machine = machines[place]
    let merged = try store.merge(machine.head, machine.fetched)
    #expect(try store.merge(machine.fetched, machine.head) == merged)
    machines[place].merged = merged
  }

  /// A machine never goes back behind what it has acknowledged: what was written since goes on top of the merge, which is
  /// what merging once more comes to here.
  private mutating func moveBranch(_ place: Int) {
    guard let merged = machines[place].merged.take() else { return }
    if store.isAncestor(machines[place].head, of: merged) { machines[place].head = merged }
  }

  /// The hub moves from what the machine knows of, or not at all.
  private mutating func push(_ place: Int, isHeard: Bool) {
    let machine = machines[place]
    guard !machine.isCutOff, hub == machine.fetched, store.isAncestor(hub, of: machine.head) else { return }
    hub = machine.head
    if isHeard { machines[place].fetched = hub }
  }

  // MARK: Writing

  private static let documents = ["notes/a.json", "notes/b.json", "notes/moved.json", "tallies/t.json"]
  private static let members = ["a", "b", "n", "x", "token", "deep.x", "deep.y", "list.one", "list.two"]

  private mutating func nextText() -> String { "w\(100_000 + writes.count)" }

  private mutating func writeMember(_ place: Int) throws {
    let path = Self.documents.randomElement(using: &random) ?? ""
    let isTally = path.hasPrefix("tallies")
    let member = (isTally ? ["a", "b"] : Self.members).randomElement(using: &random) ?? ""
    let text = nextText()
    var document = try store.value(path, in: machines[place].head)?.object ?? [:]
    if isTally { document[member == "a" ? "b" : "a"] = nil }
    document.set(Self.path(member), to: text)
    try commit(place, [path: Self.text(.object(document))])
    note(place, isTally ? path : "\(path) \(member)", text)
  }

  /// A person formats a document, or changes a file that is none.
  private mutating func writeByHand(_ place: Int) throws {
    if Bool.random(using: &random), let value = try store.value("notes/a.json", in: machines[place].head) {
      let lines = Self.text(value).split(separator: "\n").map { $0.drop { $0 == " " } }
      return try commit(place, ["notes/a.json": lines.joined(separator: Bool.random(using: &random) ? "" : "\n\t")])
    }
    let text = nextText()
    try commit(place, ["README.md": "Hello, \(text).\n"])
    note(place, "README.md", text)
  }

  private mutating func append(_ place: Int) throws {
    let text = nextText()
    var number = 1
    while try store.value(Self.segment(number + 1), in: machines[place].head) != nil { number += 1 }
    var items = try store.value(Self.segment(number), in: machines[place].head)?.array ?? []
    if items.count >= 4 { (number, items) = (number + 1, []) }
    items.append(["id": .string(text)])
    try commit(place, [Self.segment(number): Self.text(.array(items))])
    note(place, "threads/t \(text)", text)
  }

  private static func segment(_ number: Int) -> String { "threads/t/events/00000\(number).json" }

  private mutating func delete(_ place: Int) throws {
    guard try store.value("notes/b.json", in: machines[place].head) != nil else { return }
    try commit(place, ["notes/b.json": nil])
    noteDeletion(place)
  }

  private mutating func noteDeletion(_ place: Int) {
    for member in Self.members { note(place, "notes/b.json \(member)", "") }
  }

  /// A file's name follows from a document's id: under another it is another document with the same content.
  private mutating func rename(_ place: Int) throws {
    let head = machines[place].head
    guard let value = try store.value("notes/b.json", in: head), try store.value("notes/moved.json", in: head) == nil
    else { return }
    try commit(place, ["notes/b.json": nil, "notes/moved.json": Self.text(value)])
    noteDeletion(place)
    for member in Self.members {
      if let text = value.object?.text(at: Self.path(member)) { note(place, "notes/moved.json \(member)", text) }
    }
  }

  private static func path(_ member: String) -> [String] { member.split(separator: ".").map(String.init) }

  private mutating func commit(_ place: Int, _ files: [String: String?]) throws {
    clock += Int64.random(in: -3...5, using: &random)
    let jump = Int.random(in: 0..<20, using: &random) == 0 ? Int64.random(in: -100_000...100_000, using: &random) : 0
    machines[place].head = try store.commit(files, after: [machines[place].head], at: clock + jump)
  }

  private mutating func note(_ place: Int, _ member: String, _ text: String) {
    writes.append(Write(commit: machines[place].head, place: member, text: text))
  }

  private static func text(_ value: JSONValue) -> String {
    String(decoding: JSONText(formatting: value).bytes, as: UTF8.self)
  }

  // MARK: What became of it

  /// What is neither there nor in a conflict, and was not replaced by somebody who knew of it.
  func lostWrites() throws -> [Write] {
    let files = try store.files(of: hub).values
    return writes.filter { write in
      !write.text.isEmpty && !files.contains { $0.contains(write.text) } && !isReplaced(write)
    }
  }

  /// What the hub holds, and who wrote what, for looking into a run.
  func account() throws -> String {
    let files = try store.files(of: hub).filter { !$0.key.hasPrefix("schemas") }.sorted { $0.key < $1.key }
    return files.map { "== \($0.key)\n\($0.value)" }.joined()
      + writes.map { "\($0.commit.short) \($0.place): \($0.text)\n" }.joined() + "hub \(hub)\n"
  }

  /// Who renames a document writes what it held once more; two who do so write the same, and who replaces the one has
  /// replaced both.
  private func isReplaced(_ write: Write) -> Bool {
    let same = writes.filter { $0.place == write.place && $0.text == write.text }
    return writes.contains { other in
      other.place == write.place
        && same.contains { $0.commit != other.commit && store.isAncestor($0.commit, of: other.commit) }
    }
  }
}

extension JSONObject {
  /// What `set` has set there.
  fileprivate func text(at path: [String]) -> String? {
    switch path.first {
    case "deep": self["deep"]?.object?[path[1]]?.string
    case "list": self["list"]?.array?.first { $0["id"]?.string == path[1] }?["v"]?.string
    case "token": self["token"]?.string.map { String($0.dropFirst(Envelope.prefix.count)) }
    case let name?: self[name]?.string
    case nil: nil
    }
  }

  /// Sets a member of the document, of an object in it, or of the element of a list with an id.
  fileprivate mutating func set(_ path: [String], to text: String) {
    switch path.first {
    case "deep":
      var deep = self["deep"]?.object ?? [:]
      deep[path[1]] = .string(text)
      self["deep"] = .object(deep)
    case "list":
      var list = self["list"]?.array ?? []
      list.removeAll { $0["id"]?.string == path[1] }
      list.append(["id": .string(path[1]), "v": .string(text)])
      self["list"] = .array(list)
    case "token": self["token"] = .string("\(Envelope.prefix)\(text)")
    case let name?: self[name] = .string(text)
    case nil: break
    }
  }
}
