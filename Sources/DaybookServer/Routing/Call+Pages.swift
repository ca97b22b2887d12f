import Daybook
import DaybookRuntime

/// Pages for which documents of others may have been looked through: where they end is told to nobody else.
extension Call {
  private var seal: CursorSeal { CursorSeal(for: caller, in: store) }

  /// The end of the page behind which the caller goes on.
  var pageEnd: String? {
    get throws(StoreError) { try text("after").map { end throws(StoreError) in try seal.open(end) } }
  }

  /// The end of a page as the caller gets it.
  func sealed(_ next: String?) throws(StoreError) -> String? {
    try next.map { end throws(StoreError) in try seal.seal(end) }
  }

  func sealed(_ page: Page) throws(StoreError) -> Page {
    Page(documents: page.documents, next: try sealed(page.next), examined: page.examined)
  }
}
