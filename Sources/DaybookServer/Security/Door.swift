import Daybook
import DaybookRuntime
import HTTPTypes

/// Tells who is calling. A store without users has one: its owner.
struct Door: Sendable {
  let owner: Author

  /// - Throws: a problem for a header that names nobody.
  func caller(_ headers: HTTPFields) throws(Problem) -> Caller {
    guard let text = headers[.author] else { return .owner(owner) }
    let author: Author
    do {
      author = try Author(parsing: text)
    } catch {
      throw Problem(.unprocessableContent, code: .usage, "Daybook-Author: \(error.message)", hint: error.hint)
    }
    return .owner(author)
  }
}
