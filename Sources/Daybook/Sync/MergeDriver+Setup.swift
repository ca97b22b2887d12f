import Git

/// What stands in `.git/config` so that the stock client finds the driver that the store's `.gitattributes` names:
///
///     [merge "daybook"]
///       name = Daybook documents
///       driver = daybook merge-driver %O %A %B %P
///
/// A configuration is of one machine and comes with no clone: whoever opens a store as a command sees that it is there.
extension MergeDriver {
  private static let key = "merge.daybook.driver"
  private static let arguments = "merge-driver %O %A %B %P"

  /// - Parameter program: How a shell calls the `daybook` command. A driver that a person set to something else stays.
  static func setUp(calling program: String, in repository: borrowing Repository) throws(GitError) {
    let wanted = "\(program) \(arguments)"
    let found = try repository.configuration(key)
    guard found != wanted, found?.hasSuffix(arguments) ?? true else { return }
    try repository.setConfiguration("merge.daybook.name", to: "Daybook documents")
    try repository.setConfiguration(key, to: wanted)
  }
}
