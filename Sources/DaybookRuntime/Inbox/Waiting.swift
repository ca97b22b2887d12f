import Daybook
import Documents

/// What of a thread waits for a person: its open interrupts and its open todos.
///
/// ```
/// an interrupt is open                                           the thread is interrupted
/// none is open any more, of those that were noted                it resumes
/// no todo is open any more, of those that were noted, and no interrupt   it resumes
/// ```
///
/// One that has failed stays so, unless it asks anew. To resume is to run again and to count one resumption more.
///
/// What is open is *noted* in the document of the thread. Each step compares that with the documents that are open, and
/// writes it anew on the revision that it has seen: so of two who decide at once one sees the other, and exactly one of
/// them is the last; and what left in another way, by hand or from another machine, is seen by the next step, which may
/// be one that does nothing else.
struct Waiting: Sendable, Equatable {
  var interrupts: Int
  var todos: Int

  /// What a step makes of a thread.
  struct Outcome: Equatable {
    var status: ThreadStatus
    var resumes: Bool
  }

  /// - Parameters:
  ///   - status: that of the thread before the step.
  ///   - noted: what waited after the step before this one.
  ///   - open: what waits now.
  ///   - asks: whether the step raises an interrupt, be it one that was open already.
  static func outcome(of status: ThreadStatus, noted: Waiting, open: Waiting, asks: Bool) -> Outcome {
    let hasFailed = status == .error && !asks
    if open.interrupts > 0 { return Outcome(status: hasFailed ? .error : .interrupted, resumes: false) }
    let isOver = noted.interrupts > 0 || noted.todos > 0 && open.todos == 0
    return isOver && !hasFailed
      ? Outcome(status: .running, resumes: true) : Outcome(status: status, resumes: false)
  }
}

extension Waiting {
  /// What the document of a thread has noted.
  init(notedIn thread: Document?) {
    interrupts = thread?.root["open_interrupts"]?.integer ?? 0
    todos = thread?.root["open_todos"]?.integer ?? 0
  }

  var members: JSONObject {
    ["open_interrupts": .number(JSONNumber(interrupts)), "open_todos": .number(JSONNumber(todos))]
  }
}

/// The documents that wait, by their addresses, at one moment.
struct OpenMatters {
  private(set) var interrupts: Set<String>
  private(set) var todos: Set<String>
  /// Whether the agent has just asked for one of the interrupts.
  private(set) var asks = false

  init(of thread: ThreadKey, in snapshot: Snapshot) throws(StoreError) {
    interrupts = try Self.open(Interrupts.collection, thread, snapshot)
    todos = try Self.open(Todos.collection, thread, snapshot)
  }

  private static func open(
    _ collection: String, _ thread: ThreadKey, _ snapshot: Snapshot
  ) throws(StoreError) -> Set<String> {
    let query = try query(collection, of: thread).where("/status", .equals("open"))
    return Set(try snapshot.addresses(query).map { "\($0)" })
  }

  static func query(_ collection: String, of thread: ThreadKey) throws(StoreError) -> Query {
    try Query(collection).where("/user", .equals(.string(thread.user)))
      .where("/thread_id", .equals(.string(thread.id)))
  }

  /// The addresses of all interrupts and todos of a thread, open or not.
  static func all(of thread: ThreadKey, in snapshot: Snapshot) throws(StoreError) -> [String] {
    let interrupts = try snapshot.addresses(query(Interrupts.collection, of: thread))
    let todos = try snapshot.addresses(query(Todos.collection, of: thread))
    return (interrupts + todos).map { "\($0)" }
  }

  var waiting: Waiting { Waiting(interrupts: interrupts.count, todos: todos.count) }

  func raising(_ addresses: [String]) -> OpenMatters {
    var matters = self
    matters.interrupts.formUnion(addresses)
    matters.asks = !addresses.isEmpty
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
