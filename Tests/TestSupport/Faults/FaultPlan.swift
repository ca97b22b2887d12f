package import Storage
import Synchronization

/// Which calls to a file system fail. Counts every call, so that a test can run a session once to learn how many calls it
/// makes, and then again for each of them with that call failing.
package final class FaultPlan: Sendable {
  package struct Fault: Sendable {
    /// The first call that fails, counted from zero.
    package var call: Int
    /// Whether all later calls fail too.
    package var forever: Bool
    /// The `errno` to report.
    package var code: Int32

    package init(call: Int, forever: Bool, code: Int32 = 5) {
      self.call = call
      self.forever = forever
      self.code = code
    }
  }

  private struct State {
    var fault: Fault?
    var calls: [FileError.Operation] = []
    var interlude: (operation: FileError.Operation, path: String, body: @Sendable () -> Void)?
  }

  private let state: Mutex<State>

  package init(_ fault: Fault? = nil) {
    state = Mutex(State(fault: fault))
  }

  /// The calls made so far.
  package var calls: [FileError.Operation] {
    state.withLock { $0.calls }
  }

  /// Whether the call that was to fail has come.
  package var hasStruck: Bool {
    state.withLock { state in state.fault.map { $0.call < state.calls.count } ?? false }
  }

  /// Plans another fault, counted from now on, or none.
  package func plan(_ fault: Fault?) {
    state.withLock { $0 = State(fault: fault) }
  }

  /// Lets something else happen just before the next call of this kind to this path, once.
  package func before(_ operation: FileError.Operation, of path: String, _ body: @escaping @Sendable () -> Void) {
    state.withLock { $0.interlude = (operation, path, body) }
  }

  private func takeInterlude(_ operation: FileError.Operation, _ path: String) -> (@Sendable () -> Void)? {
    state.withLock { state in
      guard let interlude = state.interlude, interlude.operation == operation, interlude.path == path else {
        return nil
      }
      state.interlude = nil
      return interlude.body
    }
  }

  /// Counts a call; returns the error with which it must fail.
  func next(_ operation: FileError.Operation, _ path: String) -> FileError? {
    state.withLock { state in
      let call = state.calls.count
      state.calls.append(operation)
      guard let fault = state.fault, call == fault.call || (fault.forever && call > fault.call) else { return nil }
      return FileError(operation, path, code: fault.code)
    }
  }

  func check(_ operation: FileError.Operation, _ path: String) throws(FileError) {
    takeInterlude(operation, path)?()
    if let error = next(operation, path) { throw error }
  }
}
