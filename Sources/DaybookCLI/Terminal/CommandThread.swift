import Dispatch

/// A thread for one command: it reads and writes as people type, and must not hold up the few threads that tasks share.
final class CommandThread: TaskExecutor {
  private let queue = DispatchQueue(label: "daybook.command")

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    let executor = unsafe asUnownedTaskExecutor()
    queue.async { unsafe job.runSynchronously(on: executor) }
  }
}
