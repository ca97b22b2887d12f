import HTTPTypes

/// Which names of the service a request may use. A page of another site can make a browser send requests to a local
/// address under a name of its own (DNS rebinding); the name in `Host` gives it away.
struct HostRule: Sendable {
  /// In lower case, with ports.
  let allowed: Set<String>?

  /// The names of the loopback addresses at a port, and those that were configured. One without a port counts at any
  /// port that it was given with: at 80 and 443, clients leave it out.
  init(port: Int, others: [String]) {
    let loopback = ["127.0.0.1", "localhost", "[::1]"]
    let names = loopback + others
    allowed = Set(
      (names.map { "\($0):\(port)" } + (port == 80 || port == 443 ? names : []) + others).map { $0.lowercased() })
  }

  /// Any name: a Unix socket cannot be reached from a page.
  private init() { allowed = nil }
  static let any = HostRule()

  func admits(_ host: String?) -> Bool {
    guard let allowed else { return true }
    return host.map { allowed.contains($0.lowercased()) } ?? false
  }
}
