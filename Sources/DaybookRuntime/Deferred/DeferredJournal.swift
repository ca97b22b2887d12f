import Daybook
import Documents

/// A write that was accepted, with all that it takes to make it later.
struct DeferredWrite: Sendable {
  let ticket: String
  let caller: Caller
  let acceptedAt: Timestamp
  let write: NegotiationWrite
  /// How large it is as a file.
  var bytes: Int { text.bytes.count }

  init(ticket: String, caller: Caller, acceptedAt: Timestamp, write: NegotiationWrite) {
    self.ticket = ticket
    self.caller = caller
    self.acceptedAt = acceptedAt
    self.write = write
  }

  /// Nil for a file that is none.
  fileprivate init?(_ ticket: String, _ root: JSONNode) {
    guard let user = root["user"]?.string, let name = root["name"]?.string, let email = root["email"]?.string,
      let moment = root["accepted_at"]?.string.flatMap({ Timestamp(parsing: $0) }),
      let write = root["write"].flatMap({ NegotiationWrite($0.value) })
    else { return nil }
    let caller = Caller(user: user, author: Author(name: name, email: email))
    self.init(ticket: ticket, caller: caller, acceptedAt: moment, write: write)
  }

  fileprivate var text: JSONText {
    JSONText(
      formatting: [
        "user": .string(caller.user), "name": .string(caller.author.name), "email": .string(caller.author.email),
        "accepted_at": .string(acceptedAt.text), "write": write.json,
      ])
  }
}

/// The accepted writes as files of this machine's own, one each by its ticket, from before it is accepted until after it
/// is over. So they outlive the process, and also a store that takes no more writes.
///
/// A file that is left says that its write is to be made, or was made just before the process ended. The commits tell
/// which: they keep the ticket as the name of their request.
struct DeferredJournal: Sendable {
  private let store: Store
  private let files: LocalFiles

  init(_ store: Store) {
    self.store = store
    files = store.localFiles(in: "deferred")
  }

  /// - Throws: `.unavailable` when it cannot be kept.
  func add(_ write: DeferredWrite) throws(StoreError) { try files.write(write.text.bytes, as: write.ticket) }

  func remove(_ ticket: String) throws(StoreError) { try files.remove(ticket) }

  /// Those that are still to be made, in the order in which they were accepted. Takes the others away.
  func left() throws(StoreError) -> [DeferredWrite] {
    var left: [DeferredWrite] = []
    for ticket in try files.names() {
      guard let bytes = try files.read(ticket), let text = try? JSONText(parsing: bytes) else { continue }
      if let write = DeferredWrite(ticket, text.root) { left.append(write) }
    }
    guard let earliest = left.map(\.acceptedAt).min() else { return [] }
    let made = try tickets(since: earliest)
    for write in left where made.contains(write.ticket) { try remove(write.ticket) }
    // Tickets are ids of the store, which begin with their time.
    return left.filter { !made.contains($0.ticket) }.sorted { $0.ticket < $1.ticket }
  }

  /// The requests that commits name since a time; a commit knows it to the second.
  private func tickets(since time: Timestamp) throws(StoreError) -> Set<String> {
    let filter = CommitFilter(origin: .service, since: Timestamp(milliseconds: time.milliseconds - 1_000))
    let snapshot = store.snapshot()
    var (found, end): (Set<String>, UInt64?) = ([], nil)
    while true {
      let commits = try snapshot.commits(matching: filter, before: end, limit: Limits.journalCommits)
      found.formUnion(commits.compactMap(\.request))
      guard commits.count == Limits.journalCommits, let last = commits.last else { return found }
      end = last.sequence
    }
  }
}
