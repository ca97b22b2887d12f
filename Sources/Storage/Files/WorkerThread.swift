import Glibc
import Synchronization

/// A thread of the operating system, for work that blocks: on the threads that run Swift tasks it would hold up others.
package final class WorkerThread: Sendable {
  /// How many threads the machine can run at once.
  package static let processorCount = Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))

  private let finished = Mutex(false)
  private let identifier: pthread_t

  /// Starts a thread that runs `body` and ends.
  package init(_ body: @escaping @Sendable () -> Void) {
    let start = unsafe Unmanaged.passRetained(Start(body)).toOpaque()
    var identifier = pthread_t()
    let code = unsafe pthread_create(&identifier, nil, runStart, start)
    precondition(code == 0, "The system refuses another thread.")
    self.identifier = identifier
  }

  /// Waits until `body` has returned. Must not be called by `body` itself.
  package func join() {
    finished.withLock { finished in
      if finished { return }
      _ = pthread_join(identifier, nil)
      finished = true
    }
  }
}

private final class Start: Sendable {
  let body: @Sendable () -> Void
  init(_ body: @escaping @Sendable () -> Void) { self.body = body }
}

private func runStart(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  if let argument = unsafe argument {
    unsafe Unmanaged<Start>.fromOpaque(argument).takeRetainedValue().body()
  }
  return nil
}
