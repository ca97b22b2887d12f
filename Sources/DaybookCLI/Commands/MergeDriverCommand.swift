import ArgumentParser
import Daybook

/// Merges one file for Git, which writes the three versions into files and takes the outcome out of the second: see
/// `MergeDriver`. Git runs it in the store's folder. Not for people.
struct MergeDriverCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge-driver", abstract: "Merge one file for Git.", shouldDisplay: false)

  @Argument(help: "The file with the version that both sides had.")
  var base: String

  @Argument(help: "The file with our version, which takes the outcome.")
  var ours: String

  @Argument(help: "The file with their version.")
  var theirs: String

  @Argument(help: "The path in the store.")
  var path: String

  func run() throws {
    let hasConflicts = try MergeDriver(ofStoreAt: Folders.current).merge(filesAt: base, ours, theirs, as: path)
    if hasConflicts { throw ExitCode.different }
  }
}
