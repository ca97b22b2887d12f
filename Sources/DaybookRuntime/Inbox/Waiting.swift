import Daybook
import Documents

/// What of a thread waits for a person: its open interrupts and its open todos.
///
/// ```
/// an interrupt is raised                                    the thread is interrupted
/// the last open interrupt is decided                        it resumes
/// the last open todo is decided, and no interrupt is open   it resumes, unless it has failed
/// ```
///
/// To resume is to run again and to count one resumption more. The counts stand in the document of the thread, which
/// each of these steps writes as well, on the revision that it has seen: so of two who decide at once one sees the
/// other, and exactly one of them is the last.
struct Waiting: Sendable, Equatable {
  var interrupts: Int
  var todos: Int

  /// What a step makes of a thread.
  struct Outcome: Equatable {
    var status: ThreadStatus
    var resumes: Bool
  }

  static func outcome(of status: ThreadStatus, from before: Waiting, to after: Waiting) -> Outcome {
    if after.interrupts > before.interrupts { return Outcome(status: .interrupted, resumes: false) }
    let isLastInterrupt = before.interrupts > 0 && after.interrupts == 0 && status == .interrupted
    let isLastTodo = before.todos > 0 && after.todos == 0 && after.interrupts == 0 && status != .error
    return isLastInterrupt || isLastTodo
      ? Outcome(status: .running, resumes: true) : Outcome(status: status, resumes: false)
  }
}

/// The documents that wait, by their addresses, at one moment. They are counted anew at each step, so a document that
/// somebody deleted by hand is waited for no longer.
struct OpenMatters {
  private(set) var interrupts: Set<String>
  private(set) var todos: Set<String>

  init(of thread: ThreadKey, in snapshot: Snapshot) throws(StoreError) {
    interrupts = try Self.open(Interrupts.collection, thread, snapshot)
    todos = try Self.open(Todos.collection, thread, snapshot)
  }

  private static func open(
    _ collection: String, _ thread: ThreadKey, _ snapshot: Snapshot
  ) throws(StoreError) -> Set<String> {
    let query = try query(collection, of: thread).where("/status", .equals("open"))
    return Set(try snapshot.all(query).map { "\($0.address)" })
  }

  static func query(_ collection: String, of thread: ThreadKey) throws(StoreError) -> Query {
    try Query(collection).where("/user", .equals(.string(thread.user)))
      .where("/thread_id", .equals(.string(thread.id)))
  }

  /// The addresses of all interrupts and todos of a thread, open or not.
  static func all(of thread: ThreadKey, in snapshot: Snapshot) throws(StoreError) -> [String] {
    let interrupts = try snapshot.all(query(Interrupts.collection, of: thread))
    let todos = try snapshot.all(query(Todos.collection, of: thread))
    return (interrupts + todos).map { "\($0.address)" }
  }

  var waiting: Waiting { Waiting(interrupts: interrupts.count, todos: todos.count) }

  func raising(_ addresses: [String]) -> OpenMatters {
    var matters = self
    matters.interrupts.formUnion(addresses)
    return matters
  }

  func adding(todos added: [String]) -> OpenMatters {
    var matters = self
    matters.todos.formUnion(added)
    return matters
  }

  func without(_ address: String) -> OpenMatters {
    var matters = self
    matters.interrupts.remove(address)
    matters.todos.remove(address)
    return matters
  }
}
