import Storage

/// Brings writes to a hub that wait for that (`Durability.replicated`), over and over: one push for all that came while
/// the last one was under way. Without one, such writes are refused.
package final class Replicator: Sendable {
  private let store: Store
  private let remote: String?
  private let connector: RemoteConnector

  /// From now on such writes are taken.
  ///
  /// - Parameter remote: the name of the hub; without one the only remote, or 'origin'.
  package init(_ store: Store, with remote: String? = nil, by connector: RemoteConnector) {
    (self.store, self.remote, self.connector) = (store, remote, connector)
    let path = store.path
    store.parts.replication.begin { () throws(StoreError) in
      _ = try RemoteConfiguration(of: path).remote(orTheOnly: remote)
    }
  }

  deinit { store.parts.replication.end() }

  /// Runs on a thread of its own until the store is closed.
  package func start() { _ = WorkerThread { self.run(until: StopSignal()) } }

  /// Blocks until it is to stop, or the store is closed.
  package func run(until stop: StopSignal) {
    let queue = store.parts.replication
    let start = ContinuousClock.now
    var turn = ReplicationTurn(at: .zero)
    var losing: Duration?
    while !stop.isGiven, !queue.isClosed {
      guard
        var order = losing == nil ? queue.waitForWork(milliseconds: Limits.replicationLookMilliseconds) : .fetchFirst
      else { continue }
      let rest = turn.rest(at: .now - start)
      if rest != nil { order = .fetchFirst }
      let pause = rest ?? turn.gathering(at: .now - start)
      SystemTime.pause(milliseconds: Int(pause / .milliseconds(1)))
      let (waiting, began) = (queue.waiting, ContinuousClock.now - start)
      do throws(StoreError) {
        let name = try RemoteConfiguration(of: store.path).remote(orTheOnly: remote)
        let report = try store.syncBlocking(with: name, by: connector, order)
        turn.notePush(from: began, to: .now - start)
        if order == .fetchFirst { turn.noteLook(at: .now - start, sawOthers: report.received > 0) }
        losing = nil
      } catch {
        losing = error.code == .busy ? losing ?? began : nil
        if let since = losing, .now - start - since < .seconds(Limits.replicationPatienceSeconds) { continue }
        losing = nil
        queue.fail(waiting, Self.unreplicated(error))
      }
    }
  }

  private static func unreplicated(_ error: StoreError) -> StoreError {
    var failure = StoreError(
      error.code == .remote || error.code == .busy ? error.code : .unavailable,
      "The write is on this machine's disk, but the hub has not taken it: \(error.message)",
      hint:
        "It goes to the hub with the next sync, unless it is taken back. `daybook status` tells what is not there yet.",
      cause: error)
    failure.retrySeconds = error.retrySeconds
    return failure
  }
}
