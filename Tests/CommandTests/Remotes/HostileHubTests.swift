import Daybook
import Foundation
import Git
import TestSupport
import Testing

@testable import DaybookCLI

/// What somebody else could put into a remote. Each time the store is as it was before.
@Suite(.timeLimit(.minutes(20))) struct HostileHubTests {
  private let host: GitHost
  private let temporary: TemporaryStore

  init() throws {
    host = try GitHost(.folder)
    temporary = try TemporaryStore()
    try temporary.git("remote", "add", "origin", host.address)
    try temporary.git("push", "-q", "origin", "main")
  }

  /// Puts a folder of this one entry on top of the hub's branch, whatever Git thinks of it.
  private func plant(_ script: String) throws {
    let plant = """
      cd '\(host.repository)'
      export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a
      raw() { printf "$1 $2\\0"; printf '%s' "$3" | sed 's/../\\\\x&/g' | xargs -0 printf; }
      tree() { git hash-object -t tree -w --literally --stdin; }
      blob=$(echo '{}' | git hash-object -w --stdin)
      \(script)
      git update-ref refs/heads/main $(git commit-tree -p main -m x $tree)
      """
    _ = try Command.run("/bin/bash", ["-ec", plant])
  }

  private var connector: RemoteConnector {
    RemoteConnector(
      ChildTransport(program: CommandSession.program, environment: temporary.environment), trust: RemoteTrust())
  }

  /// Why it is not let in, neither by a store that knows the hub nor by one that is to be made of it, which finds it further
  /// back.
  private func refused() throws -> StoreError {
    let error = try refusedBySync()
    let cloning = try refusedByClone()
    #expect(cloning.code == error.code && cloning.message == error.message)
    return error
  }

  private func refusedByClone() throws -> StoreError {
    let names = { try FileManager.default.contentsOfDirectory(atPath: temporary.folder).sorted() }
    let before = try names()
    try plant("tree=$(git rev-parse main~1^{tree})")
    let setup = try RemoteSetup("origin", at: host.address, user: nil, secret: nil)
    let error = try #require(
      #expect(throws: StoreError.self) {
        try Store.cloneBlocking(
          setup, to: "\(temporary.folder)/clone", options: temporary.options(), by: connector)
      })
    #expect(try names() == before)
    return error
  }

  private func refusedBySync() throws -> StoreError {
    let before = try state()
    let store = try temporary.open()
    let error = try #require(
      #expect(throws: StoreError.self) {
        try store.fetchBlocking(from: RemoteName("origin"), by: connector)
      })
    try store.closeBlocking()
    #expect(try state() == before)
    try temporary.checkGit()
    return error
  }

  /// The refs, and all files of objects.
  private func state() throws -> String {
    let folders = ["objects", "daybook/transfers"].map { "'\(temporary.path)/.git/\($0)'" }.joined(separator: " ")
    let files = try Command.run("/bin/sh", ["-c", "find \(folders) -type f 2>/dev/null | sort"])
    return try temporary.git("for-each-ref") + files
  }

  @Test(arguments: ["..", ".git", ".GIT", "git~1", "a/b", "a\\tb"]) func anUnsafeName(name: String) throws {
    try plant("tree=$(raw 100644 '\(name)' $blob | tree)")
    let error = try refused()
    #expect(error.code == .refused && error.hint?.contains("Nothing was taken") == true)
  }

  @Test(arguments: ["120000", "160000", "100755"]) func whatIsNoPlainFile(mode: String) throws {
    try plant("tree=$(raw \(mode) a $blob | tree)")
    #expect(try refused().document == "a")
  }

  @Test func twins() throws {
    try plant("tree=$( (raw 100644 README $blob; raw 100644 readme $blob) | tree)")
    #expect(try refused().message.contains("the same name as 'README'"))
  }

  /// 128 MiB of nothing, which come as 128 KiB.
  @Test func aFileThatUnfoldsWithoutEnd() throws {
    try plant("big=$(head -c 134217728 /dev/zero | git hash-object -w --stdin); tree=$(raw 100644 a $big | tree)")
    #expect(try refused().message.contains("134217728 bytes"))
  }

  @Test func aHistoryThatWasForced() throws {
    let store = try temporary.open()
    _ = try store.fetchBlocking(from: RemoteName("origin"), by: connector)
    try store.closeBlocking()
    _ = try Command.run(
      "/bin/bash",
      [
        "-ec",
        """
        cd '\(host.repository)'
        git update-ref refs/heads/main $(git -c user.name=a -c user.email=a commit-tree -m x main^{tree})
        """,
      ])
    #expect(try refusedBySync().message.contains("rewritten its history"))
  }
}
