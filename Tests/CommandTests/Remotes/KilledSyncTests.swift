import Foundation
import TestSupport
import Testing

/// Syncs of which one side is killed, at any moment.
@Suite(.timeLimit(.minutes(20))) struct KilledSyncTests {
  private static let rounds = 6

  private enum Victim: CaseIterable {
    case command, transfer, server
  }

  private func kill(_ victim: Victim, of sync: RunningProgram, at host: GitHost) throws {
    switch victim {
    case .command: sync.send(SIGKILL)
    case .transfer: _ = try Command.outcome(of: "/usr/bin/pkill", ["-KILL", "-P", "\(sync.id)"])
    case .server:
      _ = try Command.outcome(of: "/usr/bin/pkill", ["-KILL", "-f", "(receive|upload)-pack.*\(host.repository)"])
    }
  }

  @Test(arguments: [GitHost.Kind.ssh, .folder])
  func whoeverIsKilledWheneverTheNextSyncComesToItsEndAndNothingIsLost(kind: GitHost.Kind) throws {
    let host = try GitHost(kind)
    let session = try CommandSession.withStore()
    session.variables["DAYBOOK_SSH_KNOWN_HOSTS"] = host.knownHosts
    let key = kind == .ssh ? "--key \(host.key)" : ""
    _ = try session.succeed("daybook remote add origin \(host.address) \(key) </dev/null")
    _ = try session.succeed("daybook sync && git clone -q \(host.repository) ../person")
    var random = RepeatableRandom(seed: 3)
    for round in 0..<Self.rounds {
      _ = try session.succeed("echo '{\"title\": \"\(round)\"}' | daybook put notes/n\(round)")
      _ = try session.succeed(
        """
        cd ../person && git pull -q && mkdir -p notes/p\(round) && printf '{"title": "theirs"}\\n' > notes/p\(round)/note.json && git add . &&
        git -c user.name=P -c user.email=p@example.org commit -qm theirs && git push -q
        """)
      let victim = Victim.allCases[round % Victim.allCases.count]
      let delay = Int.random(in: 0...350, using: &random)
      let sync = try session.start(["sync"], output: "sync")
      usleep(useconds_t(delay * 1_000))
      try kill(victim, of: sync, at: host)
      sync.wait()
      _ = try session.succeed("daybook sync")
    }
    _ = try session.succeed("daybook check && git fsck --strict")
    for round in 0..<Self.rounds {
      for name in ["n", "p"] { _ = try session.succeed("daybook get notes/\(name)\(round)") }
      _ = try session.succeed("git -C \(host.repository) cat-file -e main:notes/n\(round)/note.json")
    }
    _ = try session.succeed("git -C \(host.repository) fsck --strict")
    _ = try session.succeed("test -z \"$(ls .git/daybook/transfers 2>/dev/null)\"")
  }
}
