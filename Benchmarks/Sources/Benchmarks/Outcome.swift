import Synchronization

/// The result of a task, handed to the thread that waits for it.
final class Outcome<Value: Sendable>: Sendable {
  private let result = Mutex<Result<Value, any Error>?>(nil)

  func set(_ value: Result<Value, any Error>) { result.withLock { $0 = value } }

  func get() throws -> Value {
    guard let result = result.withLock({ $0 }) else { preconditionFailure("The task has ended.") }
    return try result.get()
  }
}
