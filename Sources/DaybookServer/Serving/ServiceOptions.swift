package import DaybookRuntime

/// How the service is reached, and what it holds itself to.
package struct ServiceOptions: Sendable {
  /// Where it listens. Anything but a loopback address is open to others.
  package var host = "127.0.0.1"
  /// 0 takes any that is free.
  package var port = 4640
  /// Names besides those of the loopback addresses by which it may be called.
  package var allowedHosts: [String] = []
  /// The addresses of proxies that stand before it. What they say in `X-Forwarded-For` and `X-Forwarded-Proto` counts;
  /// without them all clients behind a proxy are held to account together.
  package var proxies: [String] = []
  /// Files of a certificate chain and its key, in PEM; nil for plain HTTP.
  package var certificate: (chain: String, key: String)?
  /// Where it also listens for other `daybook` commands; nil for nowhere.
  package var socketPath: String?
  /// The name of the machine, by which the service's lease tells where it runs.
  package var machine = "localhost"
  /// The variables that stand in for profiles; usually the process's own.
  package var environment: [String: String] = [:]
  /// How users sign in, but for who makes accounts: that is a setting.
  package var users = UsersOptions()
  package var thresholds = GrowthThresholds()
  package var patience = Patience()

  package init() {}
}
