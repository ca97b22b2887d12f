import DaybookRuntime
import ServiceLifecycle

/// Saves now and then what users have used.
struct UsageKeeper: Service {
  private let entitlements: Entitlements

  init(_ entitlements: Entitlements) {
    self.entitlements = entitlements
  }

  func run() async throws {
    // What cannot be saved at the end is tried once more when all has stopped.
    try? await cancelWhenGracefulShutdown { try await self.entitlements.run() }
  }
}
