import Daybook
import DaybookRuntime
import Documents
import Synchronization

/// The time of day as a test decides it.
final class TestTime: Sendable {
  private let milliseconds: Mutex<Int64>

  init(_ text: String = "2027-01-15T08:00:00Z") {
    milliseconds = Mutex(Timestamp(parsing: text)?.milliseconds ?? 0)
  }

  var moment: Timestamp { Timestamp(milliseconds: milliseconds.withLock { $0 }) }
  var now: @Sendable () -> Timestamp { { self.moment } }

  func advance(seconds: Int64) { milliseconds.withLock { $0 += seconds * 1_000 } }
}

extension Caller {
  static let ann = Caller(user: "ann", author: Author(name: "Ann", email: "ann@example.org"))
  static let bob = Caller(user: "bob", author: Author(name: "Bob", email: "bob@example.org"))
  static let owner = Caller.owner(Author(name: "Owner", email: "owner@example.org"))
}

extension Document {
  var id: String { address.id.text }

  subscript(member: String) -> JSONValue? { root[member]?.value }
}

extension Page {
  var ids: [String] { documents.map(\.id) }
}

/// All that pages of a list hold.
func allPages(_ list: (_ after: String?) throws -> Page) throws -> [Document] {
  var documents: [Document] = []
  var cursor: String?
  repeat {
    let page = try list(cursor)
    documents += page.documents
    cursor = page.next
  } while cursor != nil
  return documents
}
