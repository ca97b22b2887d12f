import ServiceLifecycle

extension Console {
  /// How often it is looked whether a command that waits still has anybody to wait for.
  private static let attendanceInterval = Duration.milliseconds(200)

  /// Runs what may wait without end, without keeping others from the service. It is cancelled when whoever typed the
  /// command has gone, and when the service that runs it is to stop.
  func whileAttended<Result: Sendable>(
    _ body: @escaping @Sendable () async throws -> Result
  ) async throws -> Result {
    guard let places else { return try await attended(body) }
    return try await places.givenBack { try await attended(body) }
  }

  private func attended<Result: Sendable>(
    _ body: @escaping @Sendable () async throws -> Result
  ) async throws -> Result {
    try await withThrowingTaskGroup(of: Result?.self) { group in
      group.addTask { try await body() }
      group.addTask {
        while isAttended, !Task.isCancelled { try? await Task.sleep(for: Self.attendanceInterval) }
        return nil
      }
      defer { group.cancelAll() }
      while let ended = try await group.next() {
        if let result = ended { return result }
        group.cancelAll()
      }
      throw CancellationError()
    }
  }

  private var isAttended: Bool {
    !Task.isShuttingDownGracefully && !(lifeline.map(Descriptor.hasHungUp) ?? false)
  }
}
