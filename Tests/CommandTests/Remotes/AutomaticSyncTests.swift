import Foundation
import TestSupport
import Testing

/// Services that sync by themselves, as processes.
@Suite(.timeLimit(.minutes(20))) struct AutomaticSyncTests {
  /// A store with a hub in a folder beside it, and a second clone `other`.
  private func session() throws -> CommandSession {
    let session = try CommandSession.withStore()
    _ = try session.succeed(
      "git init -q --bare -b main ../hub.git && daybook remote add origin \"$(cd .. && pwd)/hub.git\"")
    _ = try session.succeed("daybook sync && git clone -q ../hub.git ../other")
    return session
  }

  private func untilItHolds(_ line: String, in session: CommandSession) throws {
    _ = try session.succeed("for try in $(seq 600); do \(line) && exit 0; sleep 0.1; done; exit 1")
  }

  @Test func whatIsWrittenGoesOutAndWhatComesIsTakenInByItself() throws {
    let session = try session()
    let service = try session.startService(["--sync-every", "1"])
    _ = try session.succeed("echo '{\"title\": \"mine\"}' | daybook put notes/mine")
    try untilItHolds("git -C ../hub.git cat-file -e main:notes/mine/note.json 2>/dev/null", in: session)
    _ = try session.succeed(
      """
      cd ../other && git pull -q && mkdir -p notes/theirs && printf '{"title": "theirs"}\\n' > notes/theirs/note.json && git add . &&
      git -c user.name=P -c user.email=p@example.org commit -qm theirs && git push -q
      """)
    try untilItHolds("daybook get notes/theirs >/dev/null 2>&1", in: session)
    try untilItHolds("daybook status | grep -q 'remote  *origin: holds the same; last synced'", in: session)
    service.send(SIGTERM)
    service.wait()
    _ = try session.succeed("daybook check")
  }

  @Test func aHubThatIsAwayDelaysNothingAndIsCaughtUpWithWhenItIsBack() throws {
    let session = try session()
    _ = try session.succeed("mv ../hub.git ../away.git")
    let service = try session.startService(["--sync-every", "1"])
    try untilItHolds("daybook status | grep -q 'failed: .*hub.git'", in: session)
    _ = try session.succeed("for n in 1 2 3; do echo '{\"title\": \"n\"}' | daybook put notes/n$n; done")
    // Its lease is a commit as well.
    try untilItHolds("daybook status | grep -qE 'origin: ([4-9]|1.) ahead, 0 behind; last synced'", in: session)
    _ = try session.succeed("mv ../away.git ../hub.git")
    try untilItHolds("git -C ../hub.git cat-file -e main:notes/n3/note.json 2>/dev/null", in: session)
    service.send(SIGTERM)
    service.wait()
    let log = try session.read("../serve")
    #expect(log.components(separatedBy: "could not be synced").count == 2, "it is told once: \(log)")
    #expect(log.contains("The remote is synced again."))
    _ = try session.succeed("daybook check")
  }

  /// A transfer may take an hour; who stops the service does not wait for it.
  @Test func aServiceStopsAlsoWhileItsRemoteSaysNothing() throws {
    let server = try SilentServer()
    let session = try CommandSession.withStore()
    _ = try session.succeed("daybook remote add origin http://127.0.0.1:\(server.port)/hub.git")
    let service = try session.startService()
    try untilItHolds("pgrep -f 'daybook transfer' >/dev/null", in: session)
    let start = ContinuousClock.now
    service.send(SIGTERM)
    service.wait()
    #expect(.now - start < .seconds(20))
    #expect(try session.read("../serve").contains("The store is closed."))
  }

  @Test func aServiceLeavesSyncingToTheCommandWhenItIsToldSo() throws {
    let session = try session()
    let service = try session.startService(["--no-sync"])
    _ = try session.succeed("echo '{\"title\": \"mine\"}' | daybook put notes/mine && sleep 4")
    #expect(try session.run("git -C ../hub.git cat-file -e main:notes/mine/note.json").status != 0)
    _ = try session.succeed("daybook sync && git -C ../hub.git cat-file -e main:notes/mine/note.json")
    service.send(SIGTERM)
    service.wait()
  }
}
