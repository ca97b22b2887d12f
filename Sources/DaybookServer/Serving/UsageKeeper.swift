import DaybookRuntime
import Logging
import ServiceLifecycle

/// Saves now and then what users have used, and at the end.
struct UsageKeeper: Service {
  private let entitlements: Entitlements
  private let logger: Logger

  init(_ entitlements: Entitlements, logger: Logger) {
    self.entitlements = entitlements
    self.logger = logger
  }

  func run() async throws {
    do {
      try await cancelWhenGracefulShutdown { try await self.entitlements.run() }
    } catch {
      logger.warning("What users have used is not saved.", metadata: ["error": .string("\(error)")])
    }
  }
}
