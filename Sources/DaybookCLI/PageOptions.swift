import ArgumentParser
import Daybook

/// Which page of a list is shown.
struct PageOptions: ParsableArguments {
  @Option(help: "How many documents at most.")
  var limit = 100

  @Option(help: ArgumentHelp("Go on behind a page, with its `next`.", valueName: "cursor"))
  var after: String?

  func validate() throws {
    if !(1...Limits.pageDocuments).contains(limit) {
      throw ValidationError("--limit must be 1 to \(Limits.pageDocuments).")
    }
  }
}

extension GlobalOptions {
  /// Says how to go on, below a page that is not the last one.
  func noteMore(behind page: Page) {
    if let next = page.next { note("There are more: go on with --after \(next)") }
  }
}
