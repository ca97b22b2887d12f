import Foundation
import Testing

/// Stores that cannot be used as they are: what the command says, and that it leaves them alone.
struct StoreFaultTests {
  private let session: CommandSession

  init() throws {
    session = try CommandSession.withStore()
    _ = try session.succeed("echo '{\"title\": \"one\", \"token\": \"hunter2\"}' | daybook put notes/one")
  }

  @Test func aSecondOwnerIsToldWhoHasTheStore() throws {
    let outcome = try session.run(
      """
      mkfifo ../pipe
      daybook import - --into notes --id-from /title < ../pipe 2> ../import &
      exec 3> ../pipe
      # Not before the import owns the store: a put that came first would have it refused.
      inode=$(stat -c %i .git/daybook/lock)
      for try in $(seq 200); do grep -q ":$inode " /proc/locks && break; sleep 0.05; done
      echo '{"title": "x"}' | daybook put notes/two 2> ../refused
      status=$?
      cat ../refused
      echo '{"title": "three"}' >&3
      exec 3>&-
      wait
      exit $status
      """)
    #expect(outcome.status == 4)
    #expect(outcome.output.contains("is in use by a `daybook` command (process "))
    #expect(try session.succeed("daybook get notes/three").contains("three"))
  }

  @Test func aNewerFormatIsRefused() throws {
    let manifest = try session.read("daybook.json")
    try session.write(manifest.replacing("\"format\": 1", with: "\"format\": 2"), to: "daybook.json")
    let outcome = try session.run("daybook get notes/one")
    #expect(outcome.status == 4)
    #expect(outcome.errors.contains("format 2"))
  }

  @Test func aManifestThatIsBrokenIsAnsweredWithLineAndColumn() throws {
    try session.write("{\n  \"format\": \n}\n", to: "daybook.json")
    let outcome = try session.run("daybook status")
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains("daybook.json:3:1"))
    _ = try session.succeed("git checkout -- daybook.json && daybook status")
  }

  @Test func aDamagedLogIsRefusedAndLeftAlone() throws {
    let path = ".git/daybook/log/0000000000000001.log"
    // The last segment may be one whose making a crash cut short; the one before is damaged.
    for number in 1...2 {
      try session.write(String(repeating: "X", count: 4096), to: ".git/daybook/log/000000000000000\(number).log")
    }
    let damaged = try session.succeed("sha1sum \(path)")
    let outcome = try session.run("daybook get notes/one")
    #expect(outcome.status == 1, "\(outcome.errors)")
    #expect(outcome.errors.hasPrefix("error: "))
    #expect(try session.succeed("sha1sum \(path)") == damaged)
  }

  @Test func withoutTheKeyTheRestIsStillServed() throws {
    _ = try session.succeed("rm ../config/daybook/keys/*.json")
    #expect(try session.succeed("daybook get notes/one").contains("‹sealed›"))
    let revealed = try session.run("daybook get notes/one --reveal")
    #expect(revealed.status == 4)
    #expect(revealed.errors.contains("config/daybook/keys/"))
    #expect(try session.run("echo '{\"title\": \"x\", \"token\": \"new\"}' | daybook put notes/two").status == 4)
    _ = try session.succeed("daybook patch notes/one --set stars=3")
    #expect(try session.succeed("git log -p").contains("hunter2") == false)
  }

  @Test func aFileInPlaceOfAFolderIsAnError() throws {
    try session.write("", to: "../file")
    let made = try session.run("daybook init ../file")
    #expect(made.status == 1)
    #expect(made.errors.contains("hint:"))
    #expect(try session.run("daybook init ../file/store").status == 1)
  }

  @Test func aReadOnlyStoreIsAnErrorAndStaysAsItIs() throws {
    guard try session.run("setpriv --version").status == 0, getuid() == 0 else { return }
    let before = try session.succeed("git rev-parse HEAD")
    _ = try session.succeed("chmod a+rx .. ../../. && chmod -R a+rX,go-w . ../config")
    let nobody = "setpriv --reuid=65534 --regid=65534 --clear-groups"
    let outcome = try session.run("echo '{\"title\": \"x\"}' | \(nobody) daybook put notes/one")
    #expect(outcome.status == 1, "\(outcome.errors)")
    #expect(outcome.errors.contains("cannot be written"))
    #expect(try session.succeed("git rev-parse HEAD") == before)
  }

  @Test func aFileEditedByHandIsNotOverwritten() throws {
    try session.write("{\"title\": \"by hand\"}\n", to: "notes/one/note.json")
    _ = try session.succeed("daybook patch notes/one --set stars=1")
    let file = try session.read("notes/one/note.json")
    #expect(file.contains("\"by hand\"") && file.contains("\"stars\": 1"), "\(file)")
    #expect(try session.succeed("git log --format=%B").contains("Daybook-Origin: hand"))
  }
}
