import TestSupport
import Testing

/// What a transcript cannot show of `daybook remote`: servers, and what opens them.
@Suite(.timeLimit(.minutes(20))) struct RemoteCommandTests {
  private let session: CommandSession

  init() throws {
    session = try CommandSession.withStore()
  }

  @Test func aRemoteIsTriedStepByStep() throws {
    let host = try GitHost(.https)
    let environment = ["DAYBOOK_REMOTE_CA_FILE": host.authority]
    try session.write(GitHost.password + "\n", to: "../token")
    _ = try session.succeed("daybook remote add origin \(host.address) --user \(GitHost.user) --token-file ../token")
    let good = try session.run("daybook remote test origin", environment: environment)
    #expect(
      good.output.split(separator: "\n") == [
        "passed  address: \(host.address)", "passed  credential: a password",
        "passed  connection: it answers, and has 0 refs", "passed  branch: it has no refs/heads/main yet",
      ])
    #expect(good.status == 0, "\(good.errors)")
    let stranger = try session.run("daybook remote test origin --json")
    #expect(stranger.status == 4)
    #expect(stranger.output.contains("\"step\":\"connection\",\"outcome\":\"failed\""))
    try session.write("wrong-canary\n", to: "../token")
    _ = try session.succeed(
      "daybook remote remove origin && daybook remote add origin \(host.address) --user ann --token-file ../token")
    let refused = try session.run("daybook remote test origin", environment: environment)
    #expect(refused.status == 7)
    for outcome in [good, stranger, refused] {
      #expect(!(outcome.output + outcome.errors).contains("canary"))
    }
    #expect(try session.succeed("grep -rl canary . || true") == "")
  }

  @Test func aReplicatedWriteIsAtTheHubOrSaysThatItIsOnlyHere() throws {
    let put = "echo '{\"title\": \"a\"}' | daybook put --durability replicated"
    let alone = try session.run("\(put) notes/a")
    #expect(alone.status == 3 && alone.errors.contains("The store has no remote."))
    #expect(try session.run("daybook get notes/a").status == 3, "nothing was written")
    _ = try session.succeed(
      "git init -q --bare -b main ../hub.git && daybook remote add origin \"$(cd .. && pwd)/hub.git\"")
    _ = try session.succeed("\(put) notes/a && git -C ../hub.git cat-file -e main:notes/a/note.json")
    _ = try session.succeed("mv ../hub.git ../away.git")
    let failed = try session.run("\(put) notes/b")
    #expect(failed.status == 7 && failed.errors.contains("is on this machine's disk"), "\(failed.errors)")
    _ = try session.succeed("mv ../away.git ../hub.git && daybook get notes/b && daybook sync")
    _ = try session.succeed("git -C ../hub.git cat-file -e main:notes/b/note.json")
  }

  @Test func gitsCredentialHelperIsAsked() throws {
    let host = try GitHost(.https)
    _ = try session.succeed("daybook remote add origin \(host.address)")
    let environment = ["DAYBOOK_REMOTE_CA_FILE": host.authority]
    let none = try session.run("daybook remote test origin", environment: environment)
    #expect(none.status == 7 && none.errors.contains("wants to know who asks"), "\(none)")
    try session.write(
      "[credential]\n\thelper = \"!f() { echo username=\(GitHost.user); echo password=\(GitHost.password); }; f\"\n",
      to: "../home/.gitconfig")
    let some = try session.run("daybook remote test origin", environment: environment)
    #expect(some.status == 0, "\(some)")
  }

  @Test func sshTakesTheUsualKeyAndTheUsualListOfHosts() throws {
    let host = try GitHost(.ssh)
    _ = try session.succeed(
      "mkdir ../home/.ssh && cp \(host.key) ../home/.ssh/id_ed25519 && daybook remote add origin \(host.address)")
    let unknown = try session.run("daybook remote test origin")
    #expect(unknown.status == 4 && unknown.errors.contains("ssh-keyscan"))
    _ = try session.succeed("cp \(host.knownHosts) ../home/.ssh/known_hosts")
    _ = try session.succeed("daybook remote test origin")
  }

  @Test func theProcessOfATransferTakesNothingElse() throws {
    let outcome = try session.run("echo '{\"address\": \"ext::sh\"}' | daybook transfer")
    #expect(outcome.status == 2)
    #expect(try !session.succeed("daybook --help").contains("\n  transfer"))
  }
}
