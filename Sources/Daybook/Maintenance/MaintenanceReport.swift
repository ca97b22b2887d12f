/// What maintenance did, and what is left.
public struct MaintenanceReport: Sendable {
  /// Files, and what they take.
  public struct Files: Sendable, Equatable {
    public var files = 0
    public var bytes = 0

    mutating func add(_ file: Leftovers.File) {
      files += 1
      bytes += file.bytes
    }
  }

  /// Temporary files that somebody who was killed left behind, and that are gone now.
  public internal(set) var leftovers = Files()
  /// Those that were found and are still there.
  public internal(set) var leftoversLeft = Files()
  /// Whether there was time to look for them in all folders.
  public internal(set) var hasSearchedAll = true
  /// How many expired documents left the tree, by collection; the history keeps them.
  public internal(set) var swept: [(collection: String, count: Int)] = []
  public internal(set) var sweepCommits = 0
  /// How many expired documents there are still: there was no time for them, or they changed, or are edited by hand, while
  /// they were to be swept.
  public internal(set) var expiredLeft: [(collection: String, count: Int)] = []
  public internal(set) var condensing = CondensingReport(before: [], after: [], left: [])
  /// Whether the time was used up in the end.
  public internal(set) var isTimeUp = false

  /// How many bytes the disk got back.
  public var bytesFreed: Int { leftovers.bytes + condensing.bytesBefore - condensing.bytesAfter }

  /// Whether nothing is left that could be done.
  public var isComplete: Bool {
    hasSearchedAll && leftoversLeft.files == 0 && expiredLeft.isEmpty
      && !condensing.left.contains { $0.reason == .time }
  }

  /// Packs that cannot be read, and are to be looked after.
  public var unreadablePacks: [PackLeft] {
    condensing.left.filter { if case .unreadable = $0.reason { true } else { false } }
  }

  mutating func addSwept(_ step: Sweep.Step) {
    guard step.documents > 0 else { return }
    sweepCommits += 1
    if swept.last?.collection == step.collection {
      swept[swept.count - 1].count += step.documents
    } else {
      swept.append((step.collection, step.documents))
    }
  }
}
