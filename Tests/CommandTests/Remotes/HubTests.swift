import Foundation
import Git
import TestSupport
import Testing

@testable import Daybook
@testable import DaybookCLI

/// Stores that talk to real servers, through the process that carries out transfers.
@Suite(.timeLimit(.minutes(20))) struct HubTests {
  /// A store with a remote `origin`, and how it is reached.
  private struct Side {
    let temporary: TemporaryStore
    let store: Store
    let connector: RemoteConnector

    init(_ temporary: TemporaryStore, _ connector: RemoteConnector) throws {
      (self.temporary, self.connector) = (temporary, connector)
      store = try temporary.open()
    }

    func put(_ text: String) throws {
      try store.transactionBlocking(durability: .committed) { try $0.setFile("note.md", to: Array(text.utf8)) }
    }

    func push() throws -> PushOutcome { try store.pushBlocking(to: RemoteName("origin"), by: connector) }
    func fetch() throws -> FetchReport { try store.fetchBlocking(from: RemoteName("origin"), by: connector) }
    func sync() throws -> SyncReport { try store.syncBlocking(with: RemoteName("origin"), by: connector) }
    func head() throws -> String {
      try temporary.git("rev-parse", "main").trimmingCharacters(in: .whitespacesAndNewlines)
    }
  }

  private static let secret = Credential.password(user: GitHost.user, password: GitHost.password)

  private func transport(_ temporary: TemporaryStore) -> ChildTransport {
    ChildTransport(program: CommandSession.program, environment: temporary.environment)
  }

  private func connector(
    _ host: GitHost, _ temporary: TemporaryStore, _ credential: Credential? = nil, authorities: String? = nil
  ) -> RemoteConnector {
    let trust = RemoteTrust(authorities: authorities ?? host.authority, knownHosts: host.knownHosts)
    let usual: Credential? =
      switch host.kind {
      case .folder: nil
      case .https: Self.secret
      case .ssh: .key(user: nil, file: host.key, passphrase: "")
      }
    return RemoteConnector(
      transport(temporary), trust: host.kind == .https ? trust : .init(knownHosts: host.knownHosts)
    ) {
      _, _ in credential ?? usual
    }
  }

  private func store(for address: String) throws -> TemporaryStore {
    let temporary = try TemporaryStore()
    try temporary.git("remote", "add", "origin", address)
    return temporary
  }

  private func sides(_ host: GitHost) throws -> (ours: Side, theirs: Side) {
    let ours = try store(for: host.address)
    let theirs = try ours.copy()
    return (try Side(ours, connector(host, ours)), try Side(theirs, connector(host, theirs)))
  }

  @Test(arguments: GitHost.Kind.allCases) func whatOnePushesTheOtherFetches(kind: GitHost.Kind) throws {
    let host = try GitHost(kind)
    let (ours, theirs) = try sides(host)
    #expect(try ours.fetch() == FetchReport())
    try ours.put("one")
    #expect(try ours.push() == .accepted)
    let report = try theirs.fetch()
    #expect(report.tip?.hex == (try ours.head()))
    #expect(report.objects >= 3)
    try theirs.put("another")
    #expect(try theirs.push() == .lostRace)
    try ours.put("two")
    #expect(try ours.push() == .accepted)
    #expect(try theirs.push() == .lostRace)
    #expect(try theirs.fetch().commits == 1)
    let held = try Command.run("/usr/bin/git", ["-C", host.repository, "log", "--format=%H", "-1", "main"])
    #expect(held.hasPrefix(try ours.head()))
    for side in [ours, theirs] {
      try side.store.closeBlocking()
      try side.temporary.checkGit()
    }
  }

  @Test(arguments: GitHost.Kind.allCases) func aFoldedStoreSyncs(kind: GitHost.Kind) throws {
    let host = try GitHost(kind)
    let (whole, theirs) = try sides(host)
    for text in ["one", "two", "three"] { try whole.put(text) }
    _ = try whole.sync()
    _ = try theirs.sync()
    try whole.store.closeBlocking()
    let report = try Store.fold(at: whole.temporary.path, before: .max, options: whole.temporary.options())
    #expect(report.commits >= 3)
    let ours = try Side(whole.temporary, whole.connector)
    // The second holds what only commits held that are gone here.
    for text in ["four", "one", "five"] {
      try theirs.put(text)
      #expect(try theirs.sync().sent == 1)
      #expect(try ours.sync().received == 1)
      try ours.put("\(text) and more")
      #expect(try ours.sync().sent == 1)
      #expect(try theirs.sync().received == 1)
      #expect(try ours.head() == theirs.head())
    }
    for side in [ours, theirs] {
      try side.store.closeBlocking()
      try side.temporary.checkGit()
    }
  }

  private func refs(_ host: GitHost) throws -> [String] {
    try Command.run("/usr/bin/git", ["-C", host.repository, "for-each-ref", "--format=%(refname)", "refs/daybook"])
      .split(separator: "\n").map(String.init)
  }

  @Test(arguments: GitHost.Kind.allCases) func aMachineIsRegisteredAndForgotten(kind: GitHost.Kind) throws {
    let host = try GitHost(kind)
    let (ours, theirs) = try sides(host)
    try ours.put("one")
    _ = try ours.sync()
    _ = try theirs.sync()
    let places = try [ours, theirs].map { try $0.store.place() }.sorted()
    #expect(try refs(host) == places.map { "refs/daybook/machines/\($0)" }, "one by its push, the other by itself")
    _ = try ours.sync()
    #expect(try ours.store.machines().map(\.name) == places)
    try ours.store.forgetMachineBlocking(theirs.store.place(), at: RemoteName("origin"), by: ours.connector)
    #expect(try refs(host).count == 1)
    for side in [ours, theirs] { try side.store.closeBlocking() }
  }

  /// By a hook for each ref, and by one that refuses all that is pushed with it.
  @Test(arguments: ["update", "pre-receive"]) func aServerThatTakesNoRegisterSyncsAllTheSame(hook: String) throws {
    let host = try GitHost(.https)
    let words = "*refs/daybook/*) echo no >&2; exit 1"
    let script = hook == "update" ? "case $1 in \(words);; esac" : "case $(cat) in \(words);; esac"
    let file = "\(host.repository)/hooks/\(hook)"
    try "#!/bin/sh\n\(script)\n".write(toFile: file, atomically: true, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file)
    let (ours, theirs) = try sides(host)
    for text in ["one", "two"] {
      try ours.put(text)
      #expect(try ours.sync().sent > 0)
      #expect(try theirs.sync().received > 0)
      #expect(try ours.head() == theirs.head())
    }
    #expect(try refs(host) == [])
    for side in [ours, theirs] { try side.store.closeBlocking() }
    #expect(ours.temporary.exists(".git/daybook/register/origin.json") == (hook == "pre-receive"))
  }

  @Test func aServerThatSaysNoIsHeard() throws {
    let host = try GitHost(.https)
    let hook = "\(host.repository)/hooks/pre-receive"
    try "#!/bin/sh\necho not today >&2\nexit 1\n".write(toFile: hook, atomically: true, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: hook)
    let (ours, _) = try sides(host)
    guard case .refused(let words) = try ours.push() else {
      Issue.record("it was let in")
      return
    }
    #expect(words.contains("hook"))
    try ours.store.closeBlocking()
  }

  /// What a fetch comes to that must fail; nothing of the store changes.
  private func failure(
    _ host: GitHost, _ credential: Credential? = nil, authorities: String? = nil
  ) throws -> StoreError {
    let temporary = try store(for: host.address)
    let side = try Side(temporary, connector(host, temporary, credential, authorities: authorities))
    let error = try #require(#expect(throws: StoreError.self) { try side.fetch() })
    try side.store.closeBlocking()
    #expect(try temporary.git("for-each-ref", "refs/daybook/remotes") == "")
    for secret in [GitHost.password, GitHost.passphrase] { #expect(!"\(error)\(error.hint ?? "")".contains(secret)) }
    return error
  }

  @Test func aWrongPasswordIsGivenUp() throws {
    let host = try GitHost(.https)
    let error = try failure(host, .password(user: GitHost.user, password: "\(GitHost.password)-wrong"))
    #expect(error.code == .remote && error.message == "localhost refused the credentials.")
  }

  @Test func aServerMustProveWhoItIs() throws {
    let host = try GitHost(.https)
    let other = try GitHost(.https)
    let error = try failure(host, authorities: other.authority)
    #expect(error.code == .refused && error.message.contains("cannot prove who it is"))
    let expired = try failure(GitHost(.https, daysValid: -1))
    #expect(expired.code == .refused && expired.message.contains("cannot prove who it is"))
  }

  @Test func aKeyUnderAPassphraseOpensSSH() throws {
    let host = try GitHost(.ssh)
    let temporary = try store(for: host.address)
    let right = Credential.key(user: nil, file: host.wrappedKey, passphrase: GitHost.passphrase)
    let side = try Side(temporary, connector(host, temporary, right))
    #expect(try side.push() == .accepted)
    try side.store.closeBlocking()
    let wrong = Credential.key(user: nil, file: host.wrappedKey, passphrase: GitHost.passphrase + "-wrong")
    #expect(try failure(host, wrong).message.contains("refused the credentials"))
  }

  @Test func anUnknownAndAChangedHostKeyAreToldApart() throws {
    let host = try GitHost(.ssh)
    try host.vouch(forKeyIn: "other.pub")
    let changed = try failure(host)
    #expect(changed.code == .refused && changed.message.contains("shows another key than it is known by"))
    #expect(changed.hint?.contains("ssh-keygen -R '[127.0.0.1]:\(host.port)'") == true)
    try FileManager.default.removeItem(atPath: host.knownHosts)
    let unknown = try failure(host)
    #expect(unknown.code == .refused && unknown.message.contains("Nobody has said yet"))
    let shown = try Command.run("/usr/bin/ssh-keygen", ["-lf", "\(host.folder)/host.pub"])
    let fingerprint = try #require(shown.split(separator: " ").first { $0.hasPrefix("SHA256:") })
    #expect(unknown.message.contains(fingerprint))
    #expect(unknown.hint?.contains("ssh-keyscan -p \(host.port) 127.0.0.1") == true)
  }

  @Test func aServerThatFallsSilentIsGivenUp() throws {
    let server = try SilentServer()
    let temporary = try store(for: "http://127.0.0.1:\(server.port)/hub.git")
    var impatient = transport(temporary)
    impatient.silence = .seconds(1)
    let side = try Side(temporary, RemoteConnector(impatient, trust: RemoteTrust()))
    let error = #expect(throws: StoreError.self) { try side.fetch() }
    #expect(error?.code == .remote && error?.message.contains("fell silent") == true)
    impatient.whole = .milliseconds(300)
    let hasty = try Side(side.temporary.copy(), RemoteConnector(impatient, trust: RemoteTrust()))
    #expect(throws: StoreError.self) { try hasty.fetch() }
    try side.store.closeBlocking()
    try hasty.store.closeBlocking()
  }

  @Test func nobodyListeningIsSaid() throws {
    let temporary = try store(for: "http://127.0.0.1:9/hub.git")
    let side = try Side(temporary, RemoteConnector(transport(temporary), trust: RemoteTrust()))
    let error = #expect(throws: StoreError.self) { try side.fetch() }
    #expect(error?.code == .remote && error?.message.contains("could not be reached") == true)
    try side.store.closeBlocking()
  }

  @Test func aProgramThatIsNoneOfOursIsNotBelieved() throws {
    let temporary = try store(for: "/nowhere/hub.git")
    for program in ["/bin/cat", "/bin/false", "/nonexistent"] {
      let transport = ChildTransport(program: program, environment: temporary.environment)
      let side = try Side(temporary.copy(), RemoteConnector(transport, trust: RemoteTrust()))
      #expect(throws: StoreError.self) { try side.fetch() }
      try side.store.closeBlocking()
    }
  }
}
