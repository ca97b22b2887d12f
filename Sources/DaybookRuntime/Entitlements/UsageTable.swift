import Daybook

/// How many requests each user has made today, and how many of them are saved: a value. What is not saved when the process
/// dies is forgotten, in the user's favour.
struct UsageTable {
  struct Usage: Equatable {
    /// Such as `2026-11-21`. It only goes forward, whatever the clock does.
    var day: String
    var requests: Int
  }

  private struct Entry {
    var usage: Usage
    var saved: Usage?

    var isSaved: Bool { usage == saved }
  }

  private let most: Int
  private var entries: [String: Entry] = [:]

  init(most: Int = Limits.countedUsers) {
    self.most = most
  }

  func knows(_ user: String) -> Bool { entries[user] != nil }

  /// What a user has used on a day, from what is counted here or, where that is nothing, from what was saved.
  func usage(of user: String, saved: Usage?, on day: String) -> Usage {
    let last = entries[user]?.usage ?? saved ?? Usage(day: day, requests: 0)
    return last.day < day ? Usage(day: day, requests: 0) : last
  }

  /// Counts a request, unless there is an objection to one more.
  mutating func count(
    _ user: String, saved: Usage?, on day: String, _ objection: (Usage) -> StoreError?
  ) throws(StoreError) {
    var usage = usage(of: user, saved: saved, on: day)
    if let objection = objection(usage) { throw objection }
    try makeRoom(for: user)
    usage.requests += 1
    entries[user, default: Entry(usage: usage, saved: saved)].usage = usage
  }

  /// What is to be saved.
  var unsaved: [(user: String, usage: Usage)] {
    entries.filter { !$0.value.isSaved }.map { ($0.key, $0.value.usage) }.sorted { $0.user < $1.user }
  }

  mutating func noteSaved(_ usages: some Sequence<(user: String, usage: Usage)>) {
    for (user, usage) in usages { entries[user]?.saved = usage }
  }

  var count: Int { entries.count }

  /// What is saved can be forgotten.
  private mutating func makeRoom(for user: String) throws(StoreError) {
    guard entries.count >= most, entries[user] == nil else { return }
    entries = entries.filter { !$0.value.isSaved }
    guard entries.count >= most else { return }
    throw StoreError(.busy, "Too many users make requests at once.", hint: "Try again in a while.")
  }
}
