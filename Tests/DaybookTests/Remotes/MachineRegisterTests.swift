import Documents
import Foundation
import Git
import TestSupport
import Testing

@testable import Daybook

/// How far machines have come, as the hub between them says.
@Suite(.timeLimit(.minutes(20))) struct MachineRegisterTests {
  private let clock = TestClock()
  private let machines: SyncedMachines
  private let stores: [Store]

  init() async throws {
    machines = try await SyncedMachines(2)
    stores = try machines.clones.map { [clock] in try $0.open(clock) }
  }

  private func put(_ name: String, into store: Store) throws {
    clock.advance(seconds: 1)
    try store.transactionBlocking { try $0.put("notes/\(name)", ["n": 1]) }
  }

  private func hub(_ arguments: String...) throws -> String {
    try Command.run("/usr/bin/git", ["-C", machines.hub] + arguments)
  }

  /// What the hub's register says, by machine.
  private func register() throws -> [String: String] {
    let lines = try hub("for-each-ref", "--format=%(refname:lstrip=3) %(objectname)", "refs/daybook/machines")
    let pairs = lines.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
    return Dictionary(uniqueKeysWithValues: pairs.map { ($0[0], $0[1]) })
  }

  private func known(_ store: Store) throws -> [String: String] {
    Dictionary(uniqueKeysWithValues: try store.machines().map { ($0.name, $0.position.commit.description) })
  }

  @Test func aPushBringsThePositionAlongAndAFetchTellsItToOthers() throws {
    let (one, other) = (try stores[0].place(), try stores[1].place())
    #expect(one != other, "a copy of the folder is another machine")
    try put("a", into: stores[0])
    try machines.sync(stores[0])
    let first = try machines.head
    #expect(try register() == [one: first])
    try put("b", into: stores[1])
    try machines.sync(stores[1])
    let second = try machines.head
    #expect(try register() == [one: first, other: second])
    #expect(try known(stores[1]) == [one: first, other: second])
    try machines.sync(stores[0])
    #expect(try register() == [one: second, other: second], "it had nothing to push, but had come further")
    #expect(try known(stores[0]) == register())
    #expect(try stores[0].machines().map(\.isThis).filter { $0 }.count == 1)
    for store in stores { try store.closeBlocking() }
    try machines.clones[0].checkGit()
  }

  /// A connection more with each sync would cost more than a day's commits.
  @Test func aMachineThatOnlyReadsPutsItsPositionThereOnceADay() throws {
    let reader = try stores[1].place()
    var positions: [String?] = []
    for name in ["a", "b", "c"] {
      try put(name, into: stores[0])
      try machines.sync(stores[0])
      if name == "c" { clock.advance(seconds: Limits.registerIntervalSeconds) }
      try machines.sync(stores[1])
      positions.append(try register()[reader])
    }
    #expect(positions[0] != nil && positions[1] == positions[0])
    #expect(positions[2] == (try machines.head))
    for store in stores { try store.closeBlocking() }
  }

  @Test func whoIsNotNamedAnyMoreIsForgotten() throws {
    let other = try stores[1].place()
    try put("a", into: stores[1])
    for store in [stores[1], stores[0]] { try machines.sync(store) }
    #expect(try known(stores[0])[other] != nil)
    _ = try hub("update-ref", "-d", "refs/daybook/machines/\(other)")
    try machines.sync(stores[0])
    #expect(try known(stores[0])[other] == nil)
    for store in stores { try store.closeBlocking() }
  }

  @Test func aRemoteMayNameOnlySoManyAndOnlyWhatIsHere() throws {
    try put("a", into: stores[0])
    try machines.sync(stores[0])
    let head = try machines.head
    let stranger = try hub(
      "-c", "user.name=a", "-c", "user.email=a", "commit-tree", "-m", "x", "\(head)^{tree}"
    ).trimmingCharacters(in: .newlines)
    var lines = (0..<1_200).map { "create refs/daybook/machines/\(String(10_000 + $0)) \(head)" }
    for name in ["Upper", "a/b", "dot.dot", "käse", String(repeating: "a", count: 65)] {
      lines.append("create refs/daybook/machines/\(name) \(head)")
    }
    lines.append("create refs/daybook/machines/0-stranger \(stranger)")
    let script = "\(machines.clones[0].folder)/refs"
    try lines.joined(separator: "\n").appending("\n").write(toFile: script, atomically: true, encoding: .utf8)
    _ = try Command.run("/bin/sh", ["-ec", "git -C '\(machines.hub)' update-ref --stdin < '\(script)'"])
    try machines.sync(stores[1])
    let names = try stores[1].machines().filter { !$0.isThis }.map(\.name)
    #expect(names.count == Limits.registeredMachines - 1, "the first ones but the stranger")
    let own = try stores[0].place()
    #expect(names.allSatisfy { $0 == own || (10_000..<11_200).contains(Int($0) ?? 0) })
    for store in stores { try store.closeBlocking() }
    try machines.clones[1].checkGit()
  }

  @Test func whatARemoteSaysOfMachinesIsNoBackupsBusinessAndGoesWithTheRemote() throws {
    #expect(!BackupReferences.isKept(MachineRegister.reference(of: "a", at: machines.name)))
    try put("a", into: stores[0])
    for store in stores { try machines.sync(store) }
    for store in stores { try store.closeBlocking() }
    let clone = machines.clones[1]
    #expect(try clone.git("for-each-ref", "refs/daybook/machines") != "")
    try RemoteSetup.remove("hub", fromStoreAt: clone.path, environment: clone.environment)
    #expect(try clone.git("for-each-ref", "refs/daybook/machines") == "")
    #expect(!clone.exists(".git/daybook/register/hub.json"))
  }

  @Test func aPlainCloneOfTheHubBringsNoneOfIt() throws {
    try put("a", into: stores[0])
    for store in stores { try machines.sync(store) }
    for store in stores { try store.closeBlocking() }
    let person = "\(machines.clones[0].folder)/person"
    _ = try Command.run("/usr/bin/git", ["clone", "-q", machines.hub, person])
    #expect(try Command.run("/usr/bin/git", ["-C", person, "for-each-ref", "refs/daybook"]) == "")
    let setup = try RemoteSetup("hub", at: machines.hub, user: nil, secret: nil)
    let clone = try machines.clones[0].copy()
    try FileManager.default.removeItem(atPath: clone.path)
    _ = try Store.cloneBlocking(
      setup, to: clone.path, options: clone.options(),
      by: RemoteConnector(InProcessTransport(), trust: RemoteTrust()))
    let store = try clone.open(clock)
    #expect(try store.machines().map(\.name) == stores.map { try $0.place() }.sorted())
    #expect(try store.machines().allSatisfy { !$0.isThis })
    try store.closeBlocking()
  }

  @Test func theNoteOfAnAttemptHoldsForItsMachineAndADay() throws {
    let now = Timestamp(milliseconds: clock.milliseconds)
    let note = RegisterNote(machine: "a", triedAt: now, isRefused: true)
    #expect(RegisterNote(parsing: note.text.bytes) == note)
    #expect(RegisterNote(parsing: Array("{}".utf8)) == nil)
    let day = Limits.registerIntervalSeconds * 1_000
    let ages = [0, day - 1, day, -1].map { note.holds(for: "a", at: Timestamp(milliseconds: now.milliseconds + $0)) }
    #expect(ages == [true, true, false, false])
    #expect(!note.holds(for: "b", at: now))
  }
}
