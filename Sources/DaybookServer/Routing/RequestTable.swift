import Crypto
import Daybook
import HTTPTypes
import Synchronization

/// Which requests with an idempotency key were carried out, so that one that is sent again is answered and not done again.
///
/// The record is the history itself: the commit names its request (`Daybook-Request: <key>-<content>`, both as hashes), so it
/// is as durable as what the request did, and outlives the process. Here is only where to find it.
final class RequestTable: Sendable {
  /// A request by its key, and a hash of what it asks: the same key must not stand for two things.
  struct Name: Sendable {
    let key: String
    let content: String

    init(key: String, user: String, method: HTTPRequest.Method, path: String, body: [UInt8]) {
      self.key = Self.hash(Array("\(user)\n\(key)".utf8))
      content = Self.hash(Array("\(method.rawValue) \(path)\n".utf8) + body)
    }

    fileprivate init?(trailer: String) {
      let parts = trailer.split(separator: "-")
      guard parts.count == 2 else { return nil }
      (key, content) = (String(parts[0]), String(parts[1]))
    }

    /// As the commit keeps it.
    var trailer: String { "\(key)-\(content)" }

    private static func hash(_ bytes: [UInt8]) -> String {
      SHA256.hash(data: bytes).prefix(16).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
  }

  fileprivate struct State {
    /// By key: what was asked, and the sequence of the commit.
    var done: [String: (content: String, sequence: UInt64)] = [:]
    /// The keys of `done`, oldest first.
    var order: [String] = []
    var running: Set<String> = []
    var isRead = false
  }

  private let store: Store
  private let state = Mutex(State())

  init(_ store: Store) { self.store = store }

  /// What the request came to when it was sent before; nil when it was not, and then it counts as running until `end`.
  ///
  /// - Throws: a problem when the key stood for something else, or the request is being carried out at this moment.
  func begin(_ name: Name) throws -> Receipt? {
    try readHistory()
    let done = try state.withLock { state throws(Problem) -> (content: String, sequence: UInt64)? in
      if let done = state.done[name.key] { return done }
      guard state.running.insert(name.key).inserted else {
        throw Problem(
          .conflict, code: .busy, "A request of this Idempotency-Key is being carried out.",
          hint: "Send it again later.")
      }
      return nil
    }
    guard let done else { return nil }
    guard done.content == name.content else {
      throw Problem(
        .unprocessableContent, code: .usage, "This Idempotency-Key stood for another request.",
        hint: "Take a new key for each request.")
    }
    let snapshot = store.snapshot()
    return try snapshot.receipt(of: snapshot.commit(at: .sequence(done.sequence)))
  }

  /// - Parameter receipt: what it came to; nil when it failed. One that changed nothing may be done again.
  func end(_ name: Name, _ receipt: Receipt?) {
    state.withLock { state in
      state.running.remove(name.key)
      if let receipt, receipt.changed { state.add(name, receipt.sequence) }
    }
  }

  /// Once, when the first key comes: the requests of the last day.
  private func readHistory() throws {
    if state.withLock({ $0.isRead }) { return }
    let since = Timestamp(milliseconds: store.now.milliseconds - Limits.idempotencySeconds * 1_000)
    let commits = try store.snapshot().commits(
      matching: CommitFilter(origin: .service, since: since), limit: Limits.idempotentAnswers)
    state.withLock { state in
      guard !state.isRead else { return }
      state.isRead = true
      for commit in commits.reversed() {
        if let name = commit.request.flatMap({ Name(trailer: $0) }) { state.add(name, commit.sequence) }
      }
    }
  }
}

extension RequestTable.State {
  fileprivate mutating func add(_ name: RequestTable.Name, _ sequence: UInt64) {
    if done.updateValue((name.content, sequence), forKey: name.key) == nil { order.append(name.key) }
    guard order.count > 2 * Limits.idempotentAnswers else { return }
    for key in order.prefix(Limits.idempotentAnswers) { done[key] = nil }
    order.removeFirst(Limits.idempotentAnswers)
  }
}
