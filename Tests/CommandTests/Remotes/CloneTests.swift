import Foundation
import TestSupport
import Testing

/// What a transcript cannot show of `daybook clone`: servers, what opens them, and what goes wrong half-way.
@Suite(.timeLimit(.minutes(20))) struct CloneTests {
  private let session: CommandSession

  init() throws {
    session = try CommandSession.withStore()
    _ = try session.succeed(#"echo '{"title": "one", "token": "hunter2"}' | daybook put notes/one"#)
  }

  /// Pushes the store to a host, and answers how it is cloned from there, with which variables.
  private func publish(to host: GitHost) throws -> (line: String, environment: [String: String]) {
    try session.write(GitHost.password + "\n", to: "../token")
    let (options, environment): (String, [String: String]) =
      switch host.kind {
      case .folder: ("", [:])
      case .https: (" --user \(GitHost.user) --token-file ../token", ["DAYBOOK_REMOTE_CA_FILE": host.authority])
      case .ssh: (" --key \(host.key)", ["DAYBOOK_SSH_KNOWN_HOSTS": host.knownHosts])
      }
    let line = "daybook remote add origin \(host.address)\(options) && daybook sync"
    let outcome = try session.run(line, environment: environment)
    #expect(outcome.status == 0, "\(outcome)")
    return ("daybook clone \(host.address) ../laptop\(options)", environment)
  }

  /// What is beside the store, hidden files too.
  private func names() throws -> String { try session.succeed("ls -A ..") }

  @Test(arguments: GitHost.Kind.allCases) func aCloneIsEditedAndSyncedBack(kind: GitHost.Kind) throws {
    let host = try GitHost(kind)
    let (line, environment) = try publish(to: host)
    for line in [
      line, "daybook -C ../laptop patch notes/one --set title=two", "daybook -C ../laptop sync", "daybook sync",
    ] {
      let outcome = try session.run(line, environment: environment)
      #expect(outcome.status == 0, "\(line) \(outcome)")
    }
    #expect(try session.succeed("daybook get notes/one --reveal").contains(#""title": "two", "token": "hunter2""#))
    #expect(try session.succeed("git rev-parse HEAD") == session.succeed("git -C ../laptop rev-parse HEAD"))
    #expect(try session.succeed("daybook -C ../laptop check") == session.succeed("daybook check"))
    #expect(try session.succeed("git -C ../laptop fsck --strict --no-dangling 2>&1") == "")
    #expect(try session.succeed("git -C ../laptop status --porcelain") == "")
    #expect(try session.succeed("ls ../laptop/.git/daybook").contains("making") == false)
    #expect(try session.succeed("grep -rl canary .. --include=config || true") == "")
  }

  @Test func wrongCredentialsLeaveNothingBehind() throws {
    let host = try GitHost(.https)
    let (line, environment) = try publish(to: host)
    _ = try session.succeed("daybook remote remove origin")
    try session.write("wrong-canary\n", to: "../token")
    let before = try names()
    let outcome = try session.run(line, environment: environment)
    #expect(outcome.status == 7 && outcome.errors.contains("refused the credentials"), "\(outcome)")
    #expect(!outcome.errors.contains("canary"))
    #expect(try names() == before)
    #expect(try session.succeed("ls -A ../config/daybook/remotes/*") == "")
  }

  @Test func aFolderThatHoldsSomethingStaysAsItIs() throws {
    let (line, _) = try publish(to: GitHost(.folder))
    try session.write("mine\n", to: "../laptop/file")
    let outcome = try session.run(line)
    #expect(outcome.status == 4 && outcome.errors.contains("is not empty"), "\(outcome)")
    #expect(try session.succeed("cat ../laptop/file; ls -A ../laptop") == "mine\nfile\n")
  }

  @Test func theKeyRingMayComeLater() throws {
    let host = try GitHost(.folder)
    let (line, _) = try publish(to: host)
    let elsewhere = ["XDG_CONFIG_HOME": "\(session.folder)/elsewhere"]
    func run(_ line: String) throws -> CommandSession.Outcome { try session.run(line, environment: elsewhere) }
    let clone = try run(line)
    #expect(clone.status == 0 && clone.errors.contains("daybook keys import"), "\(clone)")
    #expect(try run("daybook -C ../laptop patch notes/one --set stars=3").status == 0)
    #expect(try run("daybook -C ../laptop get notes/one --reveal").status != 0)
    try session.write("correct horse battery staple\n", to: "../phrase")
    _ = try session.succeed("daybook keys export ../bundle --passphrase-file ../phrase")
    let bring = try run("daybook -C ../laptop keys import ../bundle --passphrase-file ../phrase")
    #expect(bring.status == 0, "\(bring)")
    #expect(try run("daybook -C ../laptop get notes/one --reveal").output.contains("hunter2"))
    #expect(try run("rm -rf ../laptop && \(line)").errors.contains("key") == false)
  }

  @Test func whatIsNoStoreOfOursIsToldInPlainWords() throws {
    let host = try GitHost(.folder)
    func refusal() throws -> CommandSession.Outcome {
      let before = try names()
      let outcome = try session.run("daybook clone \(host.address) ../laptop")
      #expect(try names() == before)
      return outcome
    }
    let empty = try refusal()
    #expect(empty.status == 3 && empty.errors.contains("it is empty") && empty.errors.contains("daybook init"))
    let person = "git -C ../person -c user.name=x -c user.email=x"
    _ = try session.succeed(
      """
      git init -q -b main ../person && cd ../person && ln -s / link && git add link && cd ../store && \
      \(person) commit -qm x && \(person) push -q \(host.address) main
      """)
    let other = try refusal()
    #expect(other.status == 3 && other.errors.contains("its branch has no daybook.json"), "\(other)")
    _ = try session.succeed(
      """
      echo '{"format": 99, "store_id": "x"}' > ../person/daybook.json && \(person) add daybook.json && \
      \(person) commit -qm y && \(person) push -q \(host.address) main
      """)
    let newer = try refusal()
    #expect(newer.status == 4 && newer.errors.contains("The store has format 99"), "\(newer)")
    _ = try session.succeed("git -C \(host.repository) symbolic-ref HEAD refs/heads/gone")
    _ = try session.succeed("\(person) push -q \(host.address) main:other :main")
    #expect(try refusal().errors.contains("The store has format 99"))
    _ = try session.succeed("\(person) push -q \(host.address) main:another")
    #expect(try refusal().errors.contains("its HEAD names none of them"))
  }

  /// A server that says what it has, and then nothing.
  @Test func whoIsKilledHalfWayIsInNobodysWay() throws {
    let host = try GitHost(.folder)
    let (line, _) = try publish(to: host)
    let server = try ServerProcess(Self.halfServer, arguments: [host.repository])
    let before = try names()
    let program = try session.start(
      ["clone", "http://127.0.0.1:\(server.port)/hub.git", "../laptop"], output: "runs/clone")
    _ = try session.succeed(
      """
      until ls -d ../.laptop.*.tmp/.git/daybook/transfers/clone 2>/dev/null; do
        kill -0 \(program.id) || exit; sleep 0.05
      done
      """)
    // It is in use.
    let hidden = try session.succeed("ls -d ../.laptop.*.tmp")
    _ = try session.succeed("\(line) && rm -rf ../laptop")
    #expect(try session.succeed("ls -d ../.laptop.*.tmp") == hidden)
    program.send(SIGKILL)
    program.wait()
    #expect(try names().split(separator: "\n").count == before.split(separator: "\n").count + 1)
    _ = try session.succeed(line)
    #expect(try names() == (before + "laptop\n").split(separator: "\n").sorted().joined(separator: "\n") + "\n")
    _ = try session.succeed("daybook -C ../laptop check")
  }

  private static let halfServer = """
    from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            command = ["git", "upload-pack", "--stateless-rpc", "--advertise-refs", sys.argv[1]]
            refs = subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout
            body = b"001e# service=git-upload-pack\\n0000" + refs
            self.send_response(200)
            self.send_header("Content-Type", "application/x-git-upload-pack-advertisement")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self):
            time.sleep(3600)

        def log_message(self, *words):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    print(server.server_port, flush=True)
    server.serve_forever()
    """

  /// As the README has it.
  @Test func aCloneOfPlainGitIsAStoreAsWell() throws {
    let host = try GitHost(.folder)
    _ = try publish(to: host)
    _ = try session.succeed("git clone -q \(host.address) ../laptop")
    _ = try session.succeed("daybook -C ../laptop patch notes/one --set stars=4 && daybook -C ../laptop sync")
    _ = try session.succeed("daybook sync")
    #expect(try session.succeed("daybook get notes/one --reveal").contains("\"stars\": 4"))
    #expect(try session.succeed("daybook -C ../laptop get notes/one --reveal").contains("hunter2"))
    #expect(try session.succeed("git -C ../laptop status --porcelain") == "")
  }
}
