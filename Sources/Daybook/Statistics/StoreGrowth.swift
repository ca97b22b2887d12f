import Documents
import Git

/// When commits were made. Commits never go back in time, so the first of a day is found by halving: few are read, however
/// many there are.
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
  func days(_ count: Int, until now: Int64) throws(GitError) -> [StoreStatistics.Day] {
    let today = now / Self.millisecondsOfDay
    var days: [StoreStatistics.Day] = []
    for day in (today - Int64(count) + 1)...today {
      let first = try firstSequence(notBefore: day * Self.millisecondsOfDay)
      let next = try firstSequence(notBefore: (day + 1) * Self.millisecondsOfDay)
      let date = Timestamp(milliseconds: day * Self.millisecondsOfDay).text.prefix(Self.dateLength)
      let commits = first < next ? index.commitCount(in: first...(next - 1)) : 0
      days.append(StoreStatistics.Day(date: String(date), commits: commits))
    }
    return days
  }

  /// The least sequence from which on all commits are of this time or later.
  private func firstSequence(notBefore time: Int64) throws(GitError) -> UInt64 {
    var (low, high) = (UInt64(1), index.newestSequence + 1)
    while low < high {
      let middle = low + (high - low) / 2
      let next = index.commits(after: middle - 1, limit: 1).first
      if let next, try milliseconds(next.id) < time { low = next.sequence + 1 } else { high = middle }
    }
    return low
  }

  private func milliseconds(_ commit: ObjectID) throws(GitError) -> Int64 {
    try objects.commit(commit).author.seconds * 1_000
  }
}
