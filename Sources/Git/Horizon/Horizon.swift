/// Where a history was cut: commits whose parents are not kept here. The parents stand in what such a commit says, and
/// whoever walks the history ends there.
///
/// Git keeps these commits in the file `shallow` of a repository, one id a line, as after `git clone --depth`. libgit2 does
/// not read that; see `HorizonGraph`.
package struct Horizon: Equatable, Sendable {
  package var borders: Set<ObjectID>

  /// Of a history that is whole.
  package static let none = Horizon([])

  package init(_ borders: Set<ObjectID>) {
    self.borders = borders
  }

  /// Reads Git's file.
  package init(parsing file: [UInt8]) throws(GitError) {
    var borders: Set<ObjectID> = []
    for line in file.split(separator: UInt8(ascii: "\n")) {
      guard let id = ObjectID(hex: String(decoding: line, as: UTF8.self)) else {
        throw GitError(.damaged, "read where the history begins", "a line names no commit")
      }
      borders.insert(id)
    }
    self.borders = borders
  }

  package var isEmpty: Bool { borders.isEmpty }

  /// Git's file.
  package var file: [UInt8] { Array(borders.sorted().map { $0.hex + "\n" }.joined().utf8) }

  /// A commit as whoever walks the history is to see it.
  package func cutting(_ commit: Commit, _ id: ObjectID) -> Commit {
    guard borders.contains(id) else { return commit }
    var commit = commit
    commit.parents = []
    return commit
  }
}
