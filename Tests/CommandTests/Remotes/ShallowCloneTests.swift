import Foundation
import TestSupport
import Testing

/// Machines that have the newest part of a history alone, and real servers.
@Suite(.timeLimit(.minutes(20))) struct ShallowCloneTests {
  private let session: CommandSession

  init() throws {
    session = try CommandSession.withStore()
    try write(1...8)
  }

  private func write(_ numbers: ClosedRange<Int>, in store: String = ".") throws {
    for number in numbers {
      _ = try session.succeed(
        #"echo '{"title": "n\#(number)", "token": "hunter2"}' | daybook -C \#(store) put notes/n\#(number % 3)"#)
    }
  }

  /// How a host is reached: options of `daybook clone` and `daybook remote add`, and variables.
  private struct Way {
    let host: GitHost
    let options: String
    let environment: [String: String]
  }

  private func way(_ kind: GitHost.Kind) throws -> Way {
    let host = try GitHost(kind)
    try session.write(GitHost.password + "\n", to: "../token")
    switch kind {
    case .folder: return Way(host: host, options: "", environment: [:])
    case .https:
      return Way(
        host: host, options: " --user \(GitHost.user) --token-file ../token",
        environment: ["DAYBOOK_REMOTE_CA_FILE": host.authority])
    case .ssh:
      return Way(host: host, options: " --key \(host.key)", environment: ["DAYBOOK_SSH_KNOWN_HOSTS": host.knownHosts])
    }
  }

  @discardableResult private func run(_ line: String, _ way: Way) throws -> CommandSession.Outcome {
    let outcome = try session.run(line, environment: way.environment)
    #expect(outcome.status == 0, "\(line) \(outcome)")
    return outcome
  }

  private func commits(in store: String) throws -> Int {
    try #require(Int(try session.succeed("git -C \(store) rev-list --count HEAD").trimmingCharacters(in: .newlines)))
  }

  private func head(_ store: String) throws -> String { try session.succeed("git -C \(store) rev-parse HEAD") }

  private func expectSound(_ store: String) throws {
    #expect(try session.succeed("git -C \(store) fsck --strict --no-dangling 2>&1") == "")
    #expect(try session.succeed("git -C \(store) status --porcelain") == "")
    _ = try session.succeed("daybook -C \(store) check")
  }

  @Test(arguments: GitHost.Kind.allCases) func aNewMachineTakesTheNewestPartAndSyncs(kind: GitHost.Kind) throws {
    let way = try way(kind)
    try run("daybook remote add origin \(way.host.address)\(way.options) && daybook sync", way)
    try run("daybook clone \(way.host.address) ../early\(way.options)", way)
    try write(9...20)
    try run("daybook sync", way)

    let clone = try run("daybook clone \(way.host.address) ../laptop\(way.options) --depth 3", way)
    #expect(clone.errors.contains("history begins at #"), "\(clone)")
    #expect(try commits(in: "../laptop") == 3)
    #expect(try session.succeed("daybook -C ../laptop get notes/n2 --reveal").contains(#""token": "hunter2""#))
    try expectSound("../laptop")

    // Somebody goes on from before the part that the laptop has.
    try write(30...32, in: "../early")
    try write(33...34, in: "../laptop")
    for store in ["../early", "../laptop", ".", "../early", "../laptop"] { try run("daybook -C \(store) sync", way) }
    for store in ["../early", "../laptop"] {
      #expect(try head(store) == head("."))
      try expectSound(store)
    }
    try run("daybook backup ../laptop.bundle -C ../laptop && daybook restore ../laptop.bundle ../restored", way)
    #expect(try head("../restored") == head("."))
  }

  /// With a commit of Git's, which does not tell its place, as the first one, the order of commits would begin anew.
  @Test(arguments: GitHost.Kind.allCases) func aCommitOfGitsIsNoBeginning(kind: GitHost.Kind) throws {
    let way = try way(kind)
    let git = "git -c user.name=P -c user.email=p@example.org"
    for number in 1...3 {
      _ = try session.succeed(
        "echo \(number) > README.txt && git add README.txt && \(git) commit -qm 'by hand \(number)'")
    }
    try run("daybook remote add origin \(way.host.address)\(way.options) && daybook sync", way)
    try run("daybook clone \(way.host.address) ../laptop\(way.options) --depth 1", way)
    #expect(try commits(in: "../laptop") == 4)
    let sequence = #"json.load(sys.stdin)["sequence"]"#
    func place(_ store: String) throws -> String {
      try session.succeed("daybook -C \(store) status --json | python3 -c 'import json, sys; print(\(sequence))'")
    }
    #expect(try place("../laptop") == place("."))
    try expectSound("../laptop")
  }

  /// A server that keeps bitmaps takes everything before a known commit for known, unless it is told where that is cut.
  @Test(arguments: [GitHost.Kind.https, .ssh]) func aServerLeavesNothingOutThatWasBeforeTheCut(kind: GitHost.Kind)
    throws
  {
    let way = try way(kind)
    try run("daybook remote add origin \(way.host.address)\(way.options) && daybook sync", way)
    try run("daybook clone \(way.host.address) ../laptop\(way.options) --depth 1", way)
    _ = try session.succeed("git -C \(way.host.repository) repack -adbq")
    try run("daybook revert notes/n1 --to HEAD~5", way)
    try run("daybook sync && daybook -C ../laptop sync", way)
    #expect(try head("../laptop") == head("."))
    try expectSound("../laptop")
  }

  @Test func wholeHistoriesAndNonsenseAreToldApart() throws {
    let way = try way(.folder)
    try run("daybook remote add origin \(way.host.address) && daybook sync", way)
    let deep = try run("daybook clone \(way.host.address) ../deep --depth 1000 --json", way)
    #expect(deep.output.contains(#""history_begins":null"#), "\(deep)")
    #expect(try commits(in: "../deep") == commits(in: "."))
    for depth in ["0", "-1", "x"] {
      #expect(try session.run("daybook clone \(way.host.address) ../none --depth=\(depth)").status == 2)
    }
    #expect(try session.succeed("ls ..").contains("none") == false)
  }
}
