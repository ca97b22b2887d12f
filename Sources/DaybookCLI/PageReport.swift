import ArgumentParser
import Daybook
import DaybookRuntime
import Documents

/// Tells a page of documents: a table of the members that their kind shows in lists, or with `--json` one object.
struct PageReport {
  let global: GlobalOptions

  func tell(_ page: Page, of collection: String, in store: Store) throws {
    let snapshot = store.snapshot()
    try tell(page, of: snapshot.kinds.kind(of: collection), in: snapshot)
  }

  func tell(_ page: Page, of kind: Kind, in snapshot: Snapshot) throws {
    if global.json { return try Output.json(page.json(of: kind, in: snapshot)) }
    var table = Table(["id"] + kind.excerpt.map(Self.name))
    for document in page.documents {
      let root = try snapshot.masked(document).root
      table.add([document.address.id.text] + kind.excerpt.map { root[$0].cell })
    }
    try table.print()
    global.noteMore(behind: page)
  }

  private static func name(_ pointer: JSONPointer) -> String { pointer.tokens.joined(separator: ".") }
}
