import Daybook
import DaybookRuntime
import Logging
import ServiceLifecycle

/// Lets threads take note of interrupts and todos that came, left or were decided otherwise than by their own routes: by
/// hand, by a generic write, with something that was taken back, or from another machine. Else a thread could wait for
/// what is not there any more.
struct InboxKeeper: Service {
  private let store: Store
  private let threads: AgentThreads
  private let logger: Logger
  private let changes: AsyncStream<Change>
  private let intake: AsyncStream<Change>.Continuation

  init(_ store: Store, _ threads: AgentThreads, logger: Logger) {
    self.store = store
    self.threads = threads
    self.logger = logger
    (changes, intake) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(Limits.keptChanges))
  }

  /// What a commit changed. Returns at once.
  func note(_ changes: [Change]) {
    for change in changes where change.address?.collection.text.hasPrefix("inbox/") == true { intake.yield(change) }
  }

  func run() async throws {
    await cancelWhenGracefulShutdown {
      for await change in self.changes {
        do {
          try await self.settle(change)
        } catch {
          self.logger.warning("A thread took no note of a change.", metadata: ["error": .string("\(error)")])
        }
      }
    }
  }

  private func settle(_ change: Change) async throws {
    guard let address = change.address, let revision = change.after ?? change.before,
      let root = try store.snapshot().text(of: address, at: revision)?.root, let thread = root["thread_id"]?.string
    else { return }
    let caller = Caller(user: root["user"]?.string ?? Caller.ownerID, author: Caller.service.author)
    try await threads.settle(thread, for: caller)
  }
}
