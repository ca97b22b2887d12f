import Foundation
import Measuring
import Peers

extension Benchmarks {
  /// A history of 100,000 commits: what it is asked, and what is taken back.
  func past() throws {
    let past = try PastMeasurements(
      folder: folder, documents: quick ? 20_000 : 100_000, commits: 100_000, workload: workload)
    let git = GitMeasurements(folder: folder, workload: workload)
    let repository = URL(filePath: past.store.path)
    let (path, middle) = (past.path, "main~\(past.commits / 2)")
    try row("log of one document, 100,000 commits; git log -- path", "ms", .atMost(100)) { _ in
      try past.logMilliseconds()
    } peer: { _ in
      try git.logMilliseconds(of: path, in: repository)
    }
    try row("blame of one document; git blame", "ms", .atMost(100)) { _ in
      try past.blameMilliseconds()
    } peer: { _ in
      try git.blameMilliseconds(of: path, in: repository)
    }
    try row("diff of one document over 50,000 commits; git diff", "ms", .atMost(100)) { _ in
      try past.differenceMilliseconds()
    } peer: { _ in
      try git.diffMilliseconds(of: path, from: middle, in: repository)
    }
    try row("a document at a time 50,000 commits ago; git show", "ms", .atMost(100)) { _ in
      try past.pastMilliseconds()
    } peer: { _ in
      try git.showMilliseconds(of: path, at: middle, in: repository)
    }
    try takingBack(past, git, try git.makeClone("past-clone", of: repository))
  }

  private func takingBack(_ past: PastMeasurements, _ git: GitMeasurements, _ clone: URL) throws {
    try row("revert of a commit; git revert", "ms", .atMost(100)) { _ in
      try past.revertMilliseconds()
    } peer: { _ in
      try git.revertMilliseconds(in: clone)
    }
    try row("undo; git revert", "ms", .atMost(100)) { _ in
      try past.undoMilliseconds()
    } peer: { _ in
      try git.revertMilliseconds(in: clone)
    }
    try row("rollback of 10,000 documents; git read-tree and commit", "ms", .atMost(2_000)) { round in
      try past.rollbackMilliseconds(documents: 10_000, round: round)
    } peer: { _ in
      try git.rollbackMilliseconds(of: 10_000, in: clone)
    }
  }
}
