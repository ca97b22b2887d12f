import ArgumentParser
import Daybook
import DaybookRuntime
import Documents

struct ListCommand: StoreCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List the documents of a collection, or the collections.",
    discussion: """
      Conditions compare a member with JSON, or else with a string; several must all hold. An index that the kind declares \
      makes them quick. Off a terminal, cells are separated by tabs and not cut.

        daybook list
        daybook list tasks --where status=failed --sort -updated_at --limit 10
        daybook list tasks --where 'progress>=50' --where 'task_type^=research'
        daybook list profiles/llm --prefix gpt --json
        daybook list profiles/llm --at 2026-11-21
      """)

  @Argument(help: "The collection; without it, the collections are listed.")
  var collection: String?

  @Option(
    name: .customLong("where"),
    help: ArgumentHelp("A condition with =, <, <=, >, >= or ^= (begins with); repeatable.", valueName: "member=value"))
  var conditions: [String] = []

  @Option(
    parsing: .unconditional, help: ArgumentHelp("Order by a member; -member: downwards.", valueName: "member"))
  var sort: String?

  @OptionGroup var paging: PageOptions

  @Option(help: "Only ids that begin so.")
  var prefix: String?

  @Option(help: ArgumentHelp("As it was at a sequence, a commit or a time.", valueName: "point"))
  var at: String?

  @OptionGroup var global: GlobalOptions

  func validate() throws {
    if collection == nil, !conditions.isEmpty || sort != nil || paging.after != nil || prefix != nil {
      throw ValidationError("Name the collection that is to be searched.")
    }
  }

  func run() async throws {
    try await global.withStore { store in
      let snapshot = store.snapshot()
      let past = try at.map { try snapshot.past(at: Point(argument: $0)) }
      guard let collection else { return try listCollections(snapshot, past) }
      let kind = try snapshot.kinds.kind(of: collection)
      let page = try page(of: query(collection)) { try past?.query($0) ?? snapshot.query($0) }
      try PageReport(global: global).tell(page, of: kind, in: snapshot)
    }
  }

  private func listCollections(_ snapshot: Snapshot, _ past: PastSnapshot?) throws {
    var table = Table(["collection", "documents", "title"])
    for kind in snapshot.kinds.all {
      let name = kind.collection.text
      let count = try past?.count(of: name) ?? snapshot.count(of: name)
      table.add([name, "\(count)", kind.title ?? kind.name])
      guard global.json else { continue }
      try Output.json([
        "collection": .string(name), "kind": .string(kind.name), "documents": .number(JSONNumber(count)),
      ])
    }
    if !global.json { try table.print() }
  }

  /// As many documents as were asked for. The library's pages end earlier where documents are large, or few of many fit.
  private func page(of query: Query, _ ask: (Query) throws -> Page) throws -> Page {
    var page = try ask(query)
    while let next = page.next, page.documents.count < paging.limit {
      let more = try ask(query.limited(to: paging.limit - page.documents.count).after(next))
      page = Page(
        documents: page.documents + more.documents, next: more.next, examined: page.examined + more.examined)
    }
    return page
  }

  private func query(_ collection: String) throws -> Query {
    var query = Query(collection).limited(to: paging.limit).after(paging.after)
    for condition in conditions { query = try query.where(condition: condition) }
    if let prefix { query = query.withIDs(beginning: prefix) }
    return try sort.map { try query.sorted(order: $0) } ?? query
  }
}
