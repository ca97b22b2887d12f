import Synchronization

/// How many connections each address has, so that one alone cannot take them all. Those of the machine itself are not
/// counted: what comes through a proxy comes from there.
final class AddressCounts: Sendable {
  /// The place of one connection, which is given back once.
  struct Place: Sendable {
    fileprivate let counts: AddressCounts?
    fileprivate let network: String

    func leave() { counts?.leave(network) }
  }

  private let limit: Int
  private let counts = Mutex<[String: Int]>([:])

  init(_ limit: Int) { self.limit = limit }

  /// Nil when an address has as many as it may.
  func take(_ address: String?) -> Place? {
    guard let address, !Self.isLoopback(address) else { return Place(counts: nil, network: "") }
    let network = Peer(address).network
    return counts.withLock { counts in
      guard counts[network, default: 0] < limit else { return nil }
      counts[network, default: 0] += 1
      return Place(counts: self, network: network)
    }
  }

  private func leave(_ network: String) {
    counts.withLock { counts in
      guard let count = counts[network] else { return }
      counts[network] = count > 1 ? count - 1 : nil
    }
  }

  private static func isLoopback(_ address: String) -> Bool {
    address.hasPrefix("127.") || address == "::1" || address.hasPrefix("::ffff:127.")
  }
}
