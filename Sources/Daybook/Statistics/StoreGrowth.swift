import Documents
import Git

/// When commits were made, from the index, however many there are.
struct StoreGrowth {
  let index: Index
  let objects: ObjectReader

  private static let millisecondsOfDay: Int64 = 86_400_000
  private static let dateLength = 10

  enum End {
    case first, newest
  }

  /// The time of the commit at one end of the history; nil when there is none.
  func time(_ end: End) throws(GitError) -> String? {
    let found =
      switch end {
      case .first: index.commits(after: 0, limit: 1)
      case .newest: index.commits(before: nil, limit: 1)
      }
    return try found.first.map { commit throws(GitError) in Timestamp(milliseconds: try milliseconds(commit.id)).text }
  }

  /// How many commits each of the last days had, up to the one of this moment.
  func days(_ count: Int, until now: Int64) -> [StoreStatistics.Day] {
    let today = now / Self.millisecondsOfDay
    var days: [StoreStatistics.Day] = []
    for day in (today - Int64(count) + 1)...today {
      let first = index.sequence(until: day * Self.millisecondsOfDay - 1) + 1
      let next = index.sequence(until: (day + 1) * Self.millisecondsOfDay - 1) + 1
      let date = Timestamp(milliseconds: day * Self.millisecondsOfDay).text.prefix(Self.dateLength)
      let commits = first < next ? index.commitCount(in: first...(next - 1)) : 0
      days.append(StoreStatistics.Day(date: String(date), commits: commits))
    }
    return days
  }

  private func milliseconds(_ commit: ObjectID) throws(GitError) -> Int64 {
    try objects.commit(commit).committer.seconds * 1_000
  }
}
