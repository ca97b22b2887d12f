import Foundation
import Git
import TestSupport
import Testing

@testable import Daybook
@testable import DaybookCLI

/// Syncs over a network that breaks down.
@Suite(.timeLimit(.minutes(20)), .enabled(if: TestNetwork.canBeMade, "only root can make networks"))
struct CutLinkTests {
  private static let rounds = 2
  private let network: TestNetwork
  private let host: GitHost

  init() throws {
    network = try TestNetwork()
    host = try GitHost(.ssh, in: network)
  }

  private func connector(_ temporary: TemporaryStore) -> RemoteConnector {
    var transport = ChildTransport(program: CommandSession.program, environment: temporary.environment)
    transport.silence = .seconds(2)
    let key = Credential.key(user: nil, file: host.key, passphrase: "")
    return RemoteConnector(transport, trust: RemoteTrust(knownHosts: host.knownHosts)) { _, _ in key }
  }

  /// Something that takes a while to go over the wire.
  private func content(_ random: inout RepeatableRandom) -> [UInt8] {
    let bytes = (0..<(1 << 20)).map { _ in UInt8.random(in: .min ... .max, using: &random) }
    return Array(Data(bytes).base64EncodedString().utf8)
  }

  /// A sync during which the link is cut after a while; whatever came of that, the next one must come to its end.
  private func syncOverACut(_ store: Store, _ temporary: TemporaryStore, after delay: Int) async throws -> Bool {
    let name = try RemoteName("origin")
    let connector = connector(temporary)
    async let first: SyncReport? = Blocking.run { try? store.syncBlocking(with: name, by: connector) }
    try await Task.sleep(for: .milliseconds(delay))
    try network.cut()
    let isDone = try await first != nil
    try network.mend()
    _ = try store.syncBlocking(with: name, by: connector)
    return isDone
  }

  @Test func aLinkThatIsCutInTheMiddleOfASyncDelaysItAndNothingIsLost() async throws {
    let ours = try TemporaryStore()
    try ours.git("remote", "add", "origin", host.address)
    let clones = [ours, try ours.copy()]
    let stores = try clones.map { try $0.open() }
    var random = RepeatableRandom(seed: 5)
    var cuts = 0
    for round in 0..<Self.rounds {
      for (place, store) in stores.enumerated() {
        let content = content(&random)
        try await store.transaction { try $0.setFile("round-\(round)-\(place).txt", to: content) }
        let delay = Int.random(in: 30...400, using: &random)
        if try await !syncOverACut(store, clones[place], after: delay) { cuts += 1 }
      }
    }
    #expect(cuts > 0, "no sync was cut off")
    _ = try stores[0].syncBlocking(with: RemoteName("origin"), by: connector(clones[0]))
    #expect(stores[0].snapshot().commit == stores[1].snapshot().commit)
    for (store, clone) in zip(stores, clones) {
      try await store.close()
      try clone.checkGit()
      for round in 0..<Self.rounds {
        for place in clones.indices { #expect(clone.exists("round-\(round)-\(place).txt")) }
      }
    }
    try Command.run("/usr/bin/git", ["-C", host.repository, "fsck", "--strict"])
  }
}
